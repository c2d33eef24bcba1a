import type { FixId, TenantId } from '@heed/kernel';
import type { Attribution, Fix } from './fix.ts';

/** What whoever takes evidence away may ask of whoever keeps the fixes. */
export interface StaleFixes {
  all(tenant: TenantId): Promise<readonly Fix[]>;
  /** Those that are stale afterwards. May be repeated. */
  markStale(tenant: TenantId, fixes: readonly FixId[], by: Attribution): Promise<readonly FixId[]>;
}
