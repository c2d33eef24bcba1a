import { Module } from '@nestjs/common';
import { MineTenant } from './mine-tenant.ts';
import { MiningController } from './mining.controller.ts';

/** Learns on demand. Needs CHAIN_STORE, FIX_PROPOSALS, CLOCK, SETTINGS and TRACING from the app. */
@Module({ controllers: [MiningController], providers: [MineTenant] })
export class LearnerModule {}
