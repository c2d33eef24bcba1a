import { Fault } from '@heed/kernel';
import type { BundleStore, SignedBundle } from '@heed/policies';
import type { Postgres } from '@heed/postgres';
import { z } from 'zod';

const bundleRow = z.object({
  content: z.string(),
  sha256: z.string(),
  version: z.number(),
  signature: z.string(),
  key_id: z.string(),
});

/** Every bundle that was published, word for word. The database itself refuses updates and deletes. */
export function postgresBundleStore(postgres: Postgres): BundleStore {
  const { dataSource } = postgres;
  const newest = async (where: string, values: readonly unknown[]): Promise<SignedBundle | null> => {
    const rows: unknown = await postgres.orFault(
      dataSource.query(
        `SELECT content, sha256, version, signature, key_id FROM bundle
          WHERE ${where} ORDER BY version DESC LIMIT 1`,
        [...values],
      ),
    );
    const [row] = z.array(bundleRow).parse(rows);
    if (row === undefined) return null;
    const { key_id: keyId, ...bundle } = row;
    return { ...bundle, keyId };
  };
  return {
    publish: async (tenant, bundle) => {
      const inserted: unknown = await postgres.orFault(
        dataSource.query(
          `INSERT INTO bundle (tenant, version, sha256, content, signature, key_id)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING version`,
          [tenant, bundle.version, bundle.sha256, bundle.content, bundle.signature, bundle.keyId],
        ),
      );
      if (z.array(z.unknown()).parse(inserted).length === 0) throw versionTaken(tenant, bundle.version);
    },
    current: (tenant) => newest('tenant = $1', [tenant]),
    byHash: (tenant, sha256) => newest('tenant = $1 AND sha256 = $2', [tenant, sha256]),
  };
}

function versionTaken(tenant: string, version: number): Fault {
  return new Fault(
    'bundle-version-taken',
    `Tenant ${tenant} already has a bundle of version ${version}; bundles are never replaced.`,
    'Read the current bundle and publish under the version after it.',
  );
}
