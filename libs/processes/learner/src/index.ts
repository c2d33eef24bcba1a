export { LearnerModule } from './learner.module.ts';
export type { LearnerSettings } from './mine-tenant.ts';
export { TrainRewardModel } from './rewards/train-reward-model.ts';
