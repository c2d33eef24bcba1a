import { Module } from '@nestjs/common';
import { MineTenant } from './mine-tenant.ts';
import { MiningController } from './mining.controller.ts';
import { TrainRewardModel } from './rewards/train-reward-model.ts';
import { TrainingController } from './rewards/training.controller.ts';

/**
 * Learns on demand. Needs CHAIN_STORE, FIX_PROPOSALS, OBSERVED_TURNS, REWARD_TRAINER, MODEL_FILES, REWARD_MODELS, CLOCK, SETTINGS, TRACING and LOG
 * from the app.
 */
@Module({
  controllers: [MiningController, TrainingController],
  providers: [MineTenant, TrainRewardModel],
})
export class LearnerModule {}
