import { tenantId } from '@heed/kernel';
import { KeyRing } from '@heed/platform';
import type { EventStore } from '@heed/policies';
import { inMemoryEventStore } from '@heed/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChangeKey } from './change-key.ts';
import { CreateKey } from './create-key.ts';
import { keyViewOf } from './key-view.ts';

const tenant = tenantId('acme');
const ada = { atMs: 1000, who: 'ada', why: 'we open' };
const bob = { atMs: 2000, who: 'bob', why: 'it leaked' };
const clock = { nowMs: () => 0 };

interface Process {
  readonly ring: KeyRing;
  readonly keys: ChangeKey;
  readonly createKey: CreateKey;
}

let store: EventStore;
/** A process of its own over the store that all share. */
async function start(): Promise<Process> {
  const ring = await KeyRing.open(store);
  const keys = new ChangeKey(store, ring, clock);
  return { ring, keys, createKey: new CreateKey(keys, ring) };
}

let here: Process;
let there: Process;
beforeEach(async () => {
  store = inMemoryEventStore();
  [here, there] = [await start(), await start()];
});

const first = { kind: 'admin', allTenants: true } as const;

describe('making keys', () => {
  it('begins with an admin key of all tenants, whichever process made it', async () => {
    await expect(here.createKey.create(tenant, { kind: 'server' }, ada)).rejects.toMatchObject({
      code: 'first-api-key',
    });
    await there.createKey.create(tenant, first, ada);
    const { key, text } = await here.createKey.create(tenant, { kind: 'server' }, ada);
    expect(key).toMatchObject({ tenant: 'acme', kind: 'server', status: 'active', created: ada });
    expect(here.ring.unlockedBy(text)?.id).toBe(key.id);
  });

  it('keeps of a key what opens nothing', async () => {
    const { key, text } = await here.createKey.create(tenant, first, ada);
    const stored = JSON.stringify(await store.readAll('', 0));
    expect(stored).toContain(key.id);
    expect(stored).not.toContain(text.slice(-43));
    expect(keyViewOf(key)).not.toHaveProperty('hash');
  });

  it('refuses what no key may be, and makes none', async () => {
    await here.createKey.create(tenant, first, ada);
    const wrong = here.createKey.create(tenant, { kind: 'browser' }, ada);
    await expect(wrong).rejects.toMatchObject({ code: 'api-key-not-allowed' });
    expect([...here.ring.all()]).toHaveLength(1);
  });
});

describe('revoking a key', () => {
  it('counts here at once, and there after the next reading', async () => {
    const { key, text } = await here.createKey.create(tenant, first, ada);
    await there.ring.refresh();
    await here.keys.change(key.id, { kind: 'revoke', ...bob });
    expect(here.ring.unlockedBy(text)).toBeNull();
    expect(there.ring.unlockedBy(text)).not.toBeNull();
    await there.ring.refresh();
    expect(there.ring.unlockedBy(text)).toBeNull();
  });

  it('by a process that had not heard that it is revoked changes nothing any more', async () => {
    const { key } = await here.createKey.create(tenant, first, ada);
    await there.ring.refresh();
    await here.keys.change(key.id, { kind: 'revoke', ...bob });
    const again = await there.keys.change(key.id, { kind: 'revoke', ...ada });
    expect(again).toMatchObject({ status: 'revoked', revoked: bob });
    expect(await store.readAll('api-key/', 0)).toHaveLength(2);
  });
});
