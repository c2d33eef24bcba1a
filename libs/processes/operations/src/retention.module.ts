import type { EventLog } from '@heed/events';
import type { ChainStore } from '@heed/mining';
import {
  CHAIN_STORE,
  CLOCK,
  EVENT_LOG,
  LOG,
  PAUSE_PROJECTION,
  RETENTION_SETTINGS,
  RETENTION_STORE,
  WAREHOUSE_EXPIRY,
  type Clock,
  type Log,
} from '@heed/platform';
import type { RetentionStore, WarehouseExpiry } from '@heed/retention';
import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { RetentionController } from './retention.controller.ts';
import { Retention, type RetentionSettings } from './retention.ts';
import type { PauseProjection } from './tenants.controller.ts';

class RunningRetention extends Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  onApplicationBootstrap(): void {
    this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }
}

/**
 * Removes what is over, from the application's start to its end. Needs EVENT_LOG, RETENTION_STORE, WAREHOUSE_EXPIRY, CHAIN_STORE, PAUSE_PROJECTION,
 * RETENTION_SETTINGS, CLOCK and LOG from the app. Any number of processes may have it.
 */
@Module({
  controllers: [RetentionController],
  providers: [
    {
      provide: Retention,
      inject: [
        EVENT_LOG,
        RETENTION_STORE,
        WAREHOUSE_EXPIRY,
        CHAIN_STORE,
        PAUSE_PROJECTION,
        RETENTION_SETTINGS,
        CLOCK,
        LOG,
      ],
      useFactory: (
        log: EventLog,
        store: RetentionStore,
        warehouse: WarehouseExpiry,
        chains: ChainStore,
        whilePaused: PauseProjection,
        settings: RetentionSettings,
        clock: Clock,
        journal: Log,
      ) => new RunningRetention({ log, store, warehouse, chains, whilePaused, settings, clock, journal }),
    },
  ],
  exports: [Retention],
})
export class RetentionModule {}
