import { tenantId } from '@heed/kernel';
import type { BundleStore, SignedBundle } from '@heed/policies';
import { beforeAll, describe, expect, it } from 'vitest';

/** What every bundle store must do. Nothing can be taken out of one, so each test has a tenant of its own. */
export function bundleStoreContract(name: string, open: () => Promise<BundleStore>): void {
  describe(`${name} as a bundle store`, () => {
    let store: BundleStore;
    beforeAll(async () => {
      store = await open();
    });

    it('has no bundle of a tenant before the first', async () => {
      expect(await store.current(tenantId('empty'))).toBeNull();
      expect(await store.byHash(tenantId('empty'), 'aa')).toBeNull();
    });

    it('gives the newest back, word for word, and older ones by what they contain', async () => {
      const tenant = tenantId('words');
      await store.publish(tenant, bundle(1, 'aa'));
      await store.publish(tenant, bundle(2, 'bb'));
      expect(await store.current(tenant)).toEqual(bundle(2, 'bb'));
      expect(await store.byHash(tenant, 'aa')).toEqual(bundle(1, 'aa'));
      expect(await store.current(tenantId('somebody else'))).toBeNull();
    });

    it('lets an older content be published again, which is how one rolls back', async () => {
      const tenant = tenantId('back');
      for (const [version, hash] of ['aa', 'bb', 'aa'].entries()) {
        await store.publish(tenant, bundle(version + 1, hash));
      }
      expect(await store.current(tenant)).toEqual(bundle(3, 'aa'));
      expect(await store.byHash(tenant, 'aa')).toEqual(bundle(3, 'aa'));
    });

    it('never replaces a version', async () => {
      const tenant = tenantId('taken');
      await store.publish(tenant, bundle(1, 'aa'));
      await expect(store.publish(tenant, bundle(1, 'bb'))).rejects.toMatchObject({
        code: 'bundle-version-taken',
      });
      expect(await store.current(tenant)).toEqual(bundle(1, 'aa'));
    });
  });
}

function bundle(version: number, sha256: string): SignedBundle {
  return { content: `{ "of": "${sha256}" }\n`, sha256, version, signature: `s${version}`, keyId: 'k' };
}
