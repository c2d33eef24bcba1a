import { Fault } from '@heed/kernel';
import type { BundleStore, SignedBundle } from '@heed/policies';

/** Published bundles by tenant, newest version last. */
export function inMemoryBundleStore(): BundleStore {
  const published = new Map<string, SignedBundle[]>();
  const of = (tenant: string): readonly SignedBundle[] => published.get(tenant) ?? [];
  return {
    publish: (tenant, bundle) => {
      if (of(tenant).some(({ version }) => version === bundle.version)) {
        return Promise.reject(
          new Fault(
            'bundle-version-taken',
            `Tenant ${tenant} already has a bundle of version ${bundle.version}; bundles are never replaced.`,
            'Read the current bundle and publish under the version after it.',
          ),
        );
      }
      const all = [...of(tenant), bundle].sort((a, b) => a.version - b.version);
      published.set(tenant, all);
      return Promise.resolve();
    },
    current: (tenant) => Promise.resolve(of(tenant).at(-1) ?? null),
    byHash: (tenant, sha256) =>
      Promise.resolve(of(tenant).findLast((bundle) => bundle.sha256 === sha256) ?? null),
  };
}
