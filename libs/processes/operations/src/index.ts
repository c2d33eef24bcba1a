export { accountFor } from './account-for.ts';
export { EXAMINE, type Examine } from './doctor.controller.ts';
export { OperationsModule } from './operations.module.ts';
export { REDRIVE, type Redrive } from './redrive.ts';
export type { PauseProjection, TenantRemoval } from './tenants.controller.ts';
