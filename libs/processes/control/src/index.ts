export {
  ControlModule,
  FixProposalsModule,
  RewardModelsModule,
  StaleModelsModule,
} from './control.module.ts';
export { MoveFix } from './move-fix/move-fix.ts';
export { BundlePublisher, type CurrentBundle } from './publish-bundle/bundle-publisher.ts';
export { RemoveTenant } from './remove-tenant/remove-tenant.ts';
export { ScoringModule } from './score/scoring.module.ts';
