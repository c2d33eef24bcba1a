import type { ErasureRegister, EventLog } from '@heed/events';
import {
  CLOCK,
  ERASURE_REGISTER,
  EVENT_LOG,
  LOG,
  PAUSE_PROJECTION,
  REDACT,
  STALE_FIXES,
  STALE_MODELS,
  TOUCHED_EVENTS,
  WAREHOUSE_FORGETTING,
  type Clock,
  type Log,
} from '@heed/platform';
import type { StaleFixes, StaleModels } from '@heed/policies';
import type { TouchedEvents, WarehouseForgetting } from '@heed/sessions';
import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ErasuresController } from './erasures.controller.ts';
import { Forgetting, type ForgettingParts } from './forgetting.ts';
import type { PauseProjection } from './tenants.controller.ts';

class RunningForgetting extends Forgetting implements OnApplicationBootstrap, BeforeApplicationShutdown {
  onApplicationBootstrap(): void {
    this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }
}

/**
 * Carries out erasures, asked for here or sent as events, from the application's start to its end. Needs EVENT_LOG, ERASURE_REGISTER,
 * WAREHOUSE_FORGETTING, PAUSE_PROJECTION, STALE_FIXES, STALE_MODELS, TOUCHED_EVENTS, CLOCK and LOG from the app, and REDACT
 * where something may not enter the log. Any number of processes may have it.
 */
@Module({
  controllers: [ErasuresController],
  providers: [
    {
      provide: Forgetting,
      inject: [
        EVENT_LOG,
        ERASURE_REGISTER,
        WAREHOUSE_FORGETTING,
        PAUSE_PROJECTION,
        STALE_FIXES,
        STALE_MODELS,
        TOUCHED_EVENTS,
        CLOCK,
        LOG,
        { token: REDACT, optional: true },
      ],
      useFactory: (
        log: EventLog,
        register: ErasureRegister,
        warehouse: WarehouseForgetting,
        whilePaused: PauseProjection,
        fixes: StaleFixes,
        stale: StaleModels,
        touched: TouchedEvents,
        clock: Clock,
        journal: Log,
        redact?: ForgettingParts['redact'],
      ) =>
        new RunningForgetting({
          ...{ log, register, warehouse, whilePaused, fixes, clock, journal },
          models: { stale, touched },
          ...(redact !== undefined && { redact }),
        }),
    },
  ],
})
export class ForgettingModule {}
