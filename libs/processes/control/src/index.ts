export {
  ControlModule,
  FixProposalsModule,
  RewardModelsModule,
  StaleModelsModule,
  TrainingRecordModule,
} from './control.module.ts';
export { MoveFix } from './move-fix/move-fix.ts';
export { BundlePublisher, type CurrentBundle } from './publish-bundle/bundle-publisher.ts';
export { recordRemoval } from './event-sourced/tenant-register.ts';
export { MarkModelsStale } from './reward-models/mark-models-stale.ts';
export { FollowLiveModels } from './reward-models/live-models.ts';
export { ModelRegister } from './reward-models/model-register.ts';
export { RecordTraining } from './reward-models/record-training.ts';
export { RemoveTenant } from './remove-tenant/remove-tenant.ts';
export { ScoringModule } from './score/scoring.module.ts';
