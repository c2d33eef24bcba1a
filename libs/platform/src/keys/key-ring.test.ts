import { tenantId } from '@heed/kernel';
import {
  apiKeyEventToStored,
  type ApiKeyEvent,
  type ApiKeyId,
  type EventStore,
  type NewApiKey,
} from '@heed/policies';
import { inMemoryEventStore } from '@heed/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { apiKeyStreamOf, KeyRing } from './key-ring.ts';
import { freshKey, type FreshKey } from './key-text.ts';

const by = { atMs: 0, who: 'ada', why: '' };
let store: EventStore;
beforeEach(() => (store = inMemoryEventStore()));

async function append(id: ApiKeyId, event: ApiKeyEvent): Promise<void> {
  const stream = apiKeyStreamOf(id);
  const { length } = await store.load(stream);
  await store.append(stream, length, [apiKeyEventToStored(event)], 0);
}

async function made(facts: Partial<NewApiKey> = {}): Promise<FreshKey> {
  const fresh = freshKey(facts.kind ?? 'server');
  const { id, hash } = fresh;
  const key: NewApiKey = {
    kind: 'server',
    tenant: tenantId('acme'),
    name: '',
    origins: [],
    requestsPerSecond: null,
    ...facts,
    id,
    hash,
  };
  await append(id, { kind: 'api-key-created', key, ...by });
  return fresh;
}

const revoked = (id: ApiKeyId): Promise<void> => append(id, { kind: 'api-key-revoked', ...by });

describe('a key ring', () => {
  it('knows the keys of the store, and by its text the one that is meant', async () => {
    const [one, other] = [await made(), await made({ kind: 'admin', tenant: null })];
    const ring = await KeyRing.open(store);
    expect(ring.hasKeys).toBe(true);
    expect(ring.unlockedBy(one.text)).toMatchObject({ id: one.id, kind: 'server', tenant: 'acme' });
    expect(ring.unlockedBy(other.text)).toMatchObject({ id: other.id, tenant: null });
    expect([...ring.all()].map(({ id }) => id)).toEqual([one.id, other.id]);
  });

  it('opens for nothing but the whole key', async () => {
    const { text, id } = await made();
    const other = freshKey('server');
    const ring = await KeyRing.open(store);
    for (const wrong of [
      other.text,
      `heed_server_${id}_${other.text.slice(-43)}`,
      text.replace('heed_server', 'heed_admin'),
      text.replace(/.$/, text.endsWith('A') ? 'B' : 'A'),
      text.toLowerCase().replace('heed', 'HEED'),
      id,
      '',
    ]) {
      expect(ring.unlockedBy(wrong)).toBeNull();
    }
  });

  it('hears of what others made and revoked when it reads again', async () => {
    const ring = await KeyRing.open(store);
    expect(ring.hasKeys).toBe(false);
    const { id, text } = await made();
    expect(ring.unlockedBy(text)).toBeNull();
    await ring.refresh();
    expect(ring.unlockedBy(text)).not.toBeNull();
    await revoked(id);
    await Promise.all([ring.refresh(), ring.refresh()]);
    expect(ring.unlockedBy(text)).toBeNull();
    expect(ring.at(id)).toMatchObject({ version: 2, state: { status: 'revoked' } });
  });

  it('does not open up again when the last key was revoked', async () => {
    const { id } = await made();
    await revoked(id);
    expect((await KeyRing.open(store)).hasKeys).toBe(true);
  });

  it('opens for its owner without a word in the store, and counts that for no key', async () => {
    const owner = freshKey('admin');
    const ring = await KeyRing.open(store, owner);
    expect(ring.unlockedBy(owner.text)).toMatchObject({ kind: 'admin', tenant: null });
    expect(ring.hasKeys).toBe(false);
    expect([...ring.all()]).toEqual([]);
    expect((await KeyRing.open(store)).unlockedBy(owner.text)).toBeNull();
  });

  it('knows the origins of its keys, of revoked ones too, so that their pages can read the refusal', async () => {
    const { id } = await made({ kind: 'browser', origins: ['https://shop.example'] });
    await revoked(id);
    const ring = await KeyRing.open(store);
    expect(ring.knowsOrigin('https://shop.example')).toBe(true);
    expect(ring.knowsOrigin('https://other.example')).toBe(false);
  });
});

describe('reading again and again', () => {
  it('goes on with the keys it knows while the store fails, tells the fault, and goes on reading', async () => {
    const { text, id } = await made();
    let failing = false;
    const flaky: EventStore = {
      ...store,
      readAll: (...parameters) =>
        failing ? Promise.reject(new Error('no answer')) : store.readAll(...parameters),
    };
    const ring = await KeyRing.open(flaky);
    const stopping = new AbortController();
    const told = Promise.withResolvers<unknown>();
    failing = true;
    const reading = ring.keepReading(1, stopping.signal, told.resolve);
    expect(await told.promise).toMatchObject({ message: 'no answer' });
    expect(ring.unlockedBy(text)).not.toBeNull();
    await revoked(id);
    failing = false;
    await expect.poll(() => ring.unlockedBy(text)).toBeNull();
    stopping.abort();
    await reading;
  });
});
