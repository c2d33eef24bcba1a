import { Module } from '@nestjs/common';
import { DeadLettersController } from './dead-letters.controller.ts';
import { DoctorController } from './doctor.controller.ts';
import { LagController } from './lag.controller.ts';
import { ReplayController } from './replay.controller.ts';
import { StatusController } from './status.controller.ts';
import { TenantsController } from './tenants.controller.ts';

/** What an operator asks of a running Heed. */
@Module({
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
