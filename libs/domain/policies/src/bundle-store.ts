import type { TenantId } from '@heed/kernel';
import type { SignedBundle } from './bundle.ts';

/** Keeps every bundle that was ever published, for ever and unchanged. */
export interface BundleStore {
  /** Throws Fault `bundle-version-taken` when the tenant already has a bundle of this version. */
  publish(tenant: TenantId, bundle: SignedBundle): Promise<void>;
  /** The one with the highest version; null before the first. */
  current(tenant: TenantId): Promise<SignedBundle | null>;
  /** The newest publication of this content; null when it was never published. */
  byHash(tenant: TenantId, sha256: string): Promise<SignedBundle | null>;
}
