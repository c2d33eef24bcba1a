import type { EventLog } from '@heed/events';
import { CLOCK, EVENT_LOG, type Clock } from '@heed/platform';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { EventsController } from './events.controller.ts';
import { GroupCommit, type GroupCommitLimits } from './group-commit.ts';
import { ImportsController } from './imports.controller.ts';
import { Intake, type IntakeLimits } from './intake.ts';
import { TracesController } from './traces.controller.ts';

/** The HTTP edge for events. Needs EVENT_LOG, IMPORT_PROGRESS, TRACE_CODEC, CLOCK and LOG from the app. */
@Module({})
export class CollectorModule {
  static with(limits: IntakeLimits & GroupCommitLimits): DynamicModule {
    return {
      module: CollectorModule,
      controllers: [EventsController, ImportsController, TracesController],
      providers: [
        {
          provide: GroupCommit,
          inject: [EVENT_LOG],
          useFactory: (log: EventLog) => new DrainingGroupCommit(log, limits),
        },
        {
          provide: Intake,
          inject: [GroupCommit, CLOCK],
          useFactory: (commit: GroupCommit, clock: Clock) => new Intake(commit, clock, limits),
        },
      ],
      exports: [Intake],
    };
  }
}

/** On shutdown what waits is made durable and answered before the log closes. */
class DrainingGroupCommit extends GroupCommit implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
