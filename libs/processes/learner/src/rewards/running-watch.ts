import { LOG, MODEL_WATCH_SETTINGS, REWARD_MODELS, WATCHED_LOG, type Log } from '@heed/platform';
import type { RewardModels } from '@heed/policies';
import type { WatchedLog } from '@heed/rewards';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, Provider } from '@nestjs/common';
import { WatchModel, type ModelWatchSettings } from './watch-model.ts';
import { WatchModels } from './watch-models.ts';

class RunningWatch extends WatchModels implements OnApplicationBootstrap, BeforeApplicationShutdown {
  onApplicationBootstrap(): void {
    this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }
}

/** Watches from the application's start to its end. */
export const runningWatch: Provider = {
  provide: WatchModels,
  inject: [WATCHED_LOG, REWARD_MODELS, WatchModel, MODEL_WATCH_SETTINGS, LOG],
  useFactory: (
    log: WatchedLog,
    models: RewardModels,
    model: WatchModel,
    settings: ModelWatchSettings,
    journal: Log,
  ) => new RunningWatch({ log, models, model, settings, journal }),
};
