export { accountFor } from './account-for.ts';
export { EXAMINE, type Examine } from './doctor.controller.ts';
export { Forgetting, type ForgettingParts } from './forgetting.ts';
export { ForgettingModule } from './forgetting.module.ts';
export { OperationsModule } from './operations.module.ts';
export { REDRIVE, type Redrive } from './redrive.ts';
export { Retention, type RetentionParts } from './retention.ts';
export type { PauseProjection, TenantRemoval } from './tenants.controller.ts';
