import type { CreateKeyRequest } from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
import { freshKey, KEY_RING, type KeyRing } from '@heed/platform';
import type { ApiKey, Attribution } from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';
import { ChangeKey } from './change-key.ts';

/** Makes a key. Its text is in the answer and nowhere else. */
@Injectable()
export class CreateKey {
  readonly #keys: ChangeKey;
  readonly #ring: KeyRing;

  constructor(@Inject(ChangeKey) keys: ChangeKey, @Inject(KEY_RING) ring: KeyRing) {
    this.#keys = keys;
    this.#ring = ring;
  }

  /** @throws Fault `first-api-key`, `api-key-not-allowed` */
  async create(
    tenant: TenantId,
    { kind, name = '', allTenants = false, origins = [], requestsPerSecond = null }: FactsOfKey,
    by: Attribution,
  ): Promise<{ readonly key: ApiKey; readonly text: string }> {
    await this.#ring.refresh();
    if (!this.#ring.hasKeys && !(kind === 'admin' && allTenants)) throw firstKey();
    const { id, text, hash } = freshKey(kind);
    const reach = allTenants ? null : tenant;
    const facts = { id, kind, tenant: reach, name, origins: [...new Set(origins)], requestsPerSecond, hash };
    return { key: await this.#keys.change(id, { kind: 'create', key: facts, ...by }), text };
  }
}

type FactsOfKey = Omit<CreateKeyRequest, 'requestsPerSecond' | 'who' | 'why'> & {
  readonly requestsPerSecond?: number | null | undefined;
};

/** From the first key on every request needs one: were it another kind, nobody could make the second over HTTP. */
function firstKey(): Fault {
  return new Fault(
    'first-api-key',
    'The first key has to be an admin key of all tenants: from then on nothing goes without a key, and somebody must be able to make the others.',
    'Run: heed keys create admin --all-tenants',
  );
}
