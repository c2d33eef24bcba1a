import { Module } from '@nestjs/common';
import { DeadLettersController } from './dead-letters.controller.ts';
import { DoctorController } from './doctor.controller.ts';
import { LagController } from './lag.controller.ts';
import { ReplayController } from './replay.controller.ts';
import { RetentionModule } from './retention.module.ts';
import { StatusController } from './status.controller.ts';
import { TenantsController } from './tenants.controller.ts';

/** What an operator asks of a running Heed. */
@Module({
  imports: [RetentionModule],
  controllers: [
    StatusController,
    LagController,
    DoctorController,
    DeadLettersController,
    ReplayController,
    TenantsController,
  ],
})
export class OperationsModule {}
