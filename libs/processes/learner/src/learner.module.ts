import { Module } from '@nestjs/common';
import { MineTenant } from './mine-tenant.ts';
import { MiningController } from './mining.controller.ts';
import { runningWatch } from './rewards/running-watch.ts';
import { ScoreLogController } from './rewards/score-log.controller.ts';
import { ScoreLog } from './rewards/score-log.ts';
import { QuestionsController } from './rewards/questions.controller.ts';
import { TrainRewardModel } from './rewards/train-reward-model.ts';
import { TrainingController } from './rewards/training.controller.ts';
import { WatchModel } from './rewards/watch-model.ts';
import { WatchController } from './rewards/watch.controller.ts';

/**
 * Learns on demand, and watches what it learned. Needs CHAIN_STORE, FIX_PROPOSALS, OBSERVED_TURNS, REWARD_TRAINER, WATCHED_LOG, MODEL_WATCH, MODEL_WATCH_SETTINGS, MODEL_FILES, MODEL_SCORERS, SCORED_LOG, REWARD_MODELS, CLOCK, SETTINGS, TRACING and LOG
 * from the app.
 */
@Module({
  controllers: [
    MiningController,
    TrainingController,
    QuestionsController,
    ScoreLogController,
    WatchController,
  ],
  providers: [MineTenant, TrainRewardModel, ScoreLog, WatchModel, runningWatch],
})
export class LearnerModule {}
