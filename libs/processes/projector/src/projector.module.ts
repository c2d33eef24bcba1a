import type { EventLog } from '@heed/events';
import { EVENT_LOG, LOG, SESSION_STORE, type Log } from '@heed/platform';
import type { SessionStore } from '@heed/sessions';
import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Projector, type ProjectorOptions } from './projector.ts';

/** Log to warehouse, from the application's start to its end. Needs EVENT_LOG, SESSION_STORE and LOG from the app. */
@Module({})
export class ProjectorModule {
  static with(options: ProjectorOptions): DynamicModule {
    return {
      module: ProjectorModule,
      providers: [
        {
          provide: Projector,
          inject: [EVENT_LOG, SESSION_STORE, LOG],
          useFactory: (log: EventLog, store: SessionStore, journal: Log) =>
            new RunningProjector(log, store, options, journal),
        },
      ],
      exports: [Projector],
    };
  }
}

/** Stops before the stores close, which is what shutdown itself is for. */
class RunningProjector extends Projector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  onApplicationBootstrap(): void {
    this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.shutDown();
  }
}
