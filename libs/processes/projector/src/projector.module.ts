import type { EventLog } from '@heed/events';
import { EVENT_LOG, LOG, SESSION_STORE, type Log } from '@heed/platform';
import type { SessionStore } from '@heed/sessions';
import { Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import { Projector, type ProjectorOptions } from './projector.ts';
import { TakeBatches } from './take-batches.ts';

/** Log to warehouse, once the app has connected the projector's server, until its end. Needs EVENT_LOG, SESSION_STORE and LOG from the app. */
@Module({})
export class ProjectorModule {
  static with(options: ProjectorOptions): DynamicModule {
    return {
      module: ProjectorModule,
      controllers: [TakeBatches],
      providers: [
        {
          provide: Projector,
          inject: [EVENT_LOG, SESSION_STORE, LOG],
          useFactory: (log: EventLog, store: SessionStore, journal: Log) =>
            new DrainingProjector(log, store, options, journal),
        },
      ],
      exports: [Projector],
    };
  }
}

/** Stops before the stores close, which is what shutdown itself is for. */
class DrainingProjector extends Projector implements BeforeApplicationShutdown {
  async beforeApplicationShutdown(): Promise<void> {
    await this.shutDown();
  }
}
