import type { KeyView } from '@heed/contract';
import type { ApiKey, Attribution } from '@heed/policies';

/** A key as the API shows it: everything but its hash. */
export function keyViewOf(key: ApiKey): KeyView {
  const { id, kind, tenant, name, status, origins, requestsPerSecond, created, revoked } = key;
  return {
    ...{ id, kind, tenant, name, status, requestsPerSecond },
    origins: [...origins],
    created: attributionOf(created),
    revoked: revoked && attributionOf(revoked),
  };
}

function attributionOf({ atMs, who, why }: Attribution): KeyView['created'] {
  return { at: new Date(atMs).toISOString(), who, why };
}
