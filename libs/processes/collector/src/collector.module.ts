import type { EventLog } from '@heed/events';
import { CLOCK, EVENT_LOG, REDACT, TRACING, type Clock } from '@heed/platform';
import type { Tracing } from '@heed/telemetry';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { EventsController } from './events.controller.ts';
import { GroupCommit, type GroupCommitLimits } from './group-commit.ts';
import { ImportsController } from './imports.controller.ts';
import { Intake, type IntakeLimits, type Redact } from './intake.ts';
import { TracesController } from './traces.controller.ts';

/** The way into the log, without a door of its own. Needs EVENT_LOG, CLOCK and TRACING from the app, and REDACT where something may not enter. */
@Module({})
export class IntakeModule {
  static with(limits: IntakeLimits & GroupCommitLimits): DynamicModule {
    return {
      module: IntakeModule,
      providers: [
        {
          provide: GroupCommit,
          inject: [EVENT_LOG, TRACING],
          useFactory: (log: EventLog, tracing: Tracing) => new DrainingGroupCommit(log, limits, tracing),
        },
        {
          provide: Intake,
          inject: [GroupCommit, CLOCK, { token: REDACT, optional: true }],
          useFactory: (commit: GroupCommit, clock: Clock, redact?: Redact) =>
            new Intake(commit, clock, limits, redact),
        },
      ],
      exports: [Intake],
    };
  }
}

/** The HTTP edge for events. Needs EVENT_LOG, IMPORT_PROGRESS, TRACE_CODEC, CLOCK, LOG and TRACING from the app. */
@Module({})
export class CollectorModule {
  static with(limits: IntakeLimits & GroupCommitLimits): DynamicModule {
    return {
      module: CollectorModule,
      imports: [IntakeModule.with(limits)],
      controllers: [EventsController, ImportsController, TracesController],
      exports: [IntakeModule],
    };
  }
}

/** On shutdown what waits is made durable and answered before the log closes. */
class DrainingGroupCommit extends GroupCommit implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
