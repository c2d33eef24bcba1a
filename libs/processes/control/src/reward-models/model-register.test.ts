import { tenantId } from '@heed/kernel';
import { modelIdOf, type EventStore, type StaleReason, type TrainedModel } from '@heed/policies';
import { inMemoryEventStore } from '@heed/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordRemoval } from '../event-sourced/tenant-register.ts';
import { ModelRegister } from './model-register.ts';

const tenant = tenantId('acme');
const learner = { atMs: 1000, who: 'learner', why: 'trained' };
const ada = { atMs: 2000, who: 'ada', why: 'read the card' };
const erased: StaleReason = { because: 'erasure', events: ['erasure-1'] };

let store: EventStore;
let here: ModelRegister;
let there: ModelRegister;
beforeEach(() => {
  store = inMemoryEventStore();
  [here, there] = [
    new ModelRegister(store, { nowMs: () => 0 }),
    new ModelRegister(store, { nowMs: () => 0 }),
  ];
});

function model(digit: string, { name = 'love', passes = true, of = tenant } = {}): TrainedModel {
  const version = digit.repeat(64);
  const facts = {
    tenant: of,
    name,
    version,
    purpose: 'love',
    featuresVersion: '1',
    trainedAtMs: 500,
  } as const;
  const gates = [{ gate: 'calibrated', passed: passes, says: passes ? 'error is 0.02' : 'error is 0.08' }];
  return { id: modelIdOf(name, version), ...facts, card: 'c'.repeat(64), gates };
}
const statuses = async (of = here): Promise<string[]> =>
  (await of.all(tenant)).map(({ id, status }) => `${id.slice(0, -15)} ${status}`);

describe('trained models', () => {
  it('are listed by name, and of one name the last one first', async () => {
    await here.trained(model('1', { name: 'love-search' }), learner);
    await here.trained(model('2'), learner);
    await there.trained(model('3', { passes: false }), learner);
    expect(await statuses()).toEqual(['love-3 refused', 'love-2 passed', 'love-search-1 passed']);
  });

  it('are found by id, and by name the live one or else the last', async () => {
    const [one, two] = [model('1'), model('2')];
    await here.trained(one, learner);
    await here.trained(two, learner);
    expect((await there.find(tenant, 'love'))?.id).toBe(two.id);
    await here.move(tenant, one.id, 'live', ada);
    expect((await there.find(tenant, 'love'))?.id).toBe(one.id);
    expect((await there.find(tenant, two.id))?.id).toBe(two.id);
    expect(await there.find(tenant, 'defect')).toBeNull();
  });

  it("of another tenant are nobody else's", async () => {
    const theirs = model('1', { of: tenantId('other') });
    await here.trained(theirs, learner);
    expect(await statuses()).toEqual([]);
    expect(await here.find(tenant, theirs.id)).toBeNull();
    await expect(here.move(tenant, theirs.id, 'live', ada)).rejects.toMatchObject({ code: 'model-unknown' });
    expect(await here.markStale(tenant, [theirs.id], erased, ada)).toEqual([]);
  });

  it('that are the same file trained in two processes at once are one model', async () => {
    await Promise.all([here.trained(model('1'), learner), there.trained(model('1'), learner)]);
    expect(await statuses()).toEqual(['love-1 passed']);
  });
});

describe('going live', () => {
  it('leaves one live of a name when two processes do it at the same time', async () => {
    const [one, two] = [model('1'), model('2')];
    await here.trained(one, learner);
    await here.trained(two, learner);
    await there.all(tenant);
    await Promise.all([here.move(tenant, one.id, 'live', ada), there.move(tenant, two.id, 'live', ada)]);
    for (const process of [here, there])
      expect((await statuses(process)).map((text) => text.split(' ')[1]).sort()).toEqual([
        'live',
        'superseded',
      ]);
  });

  it('is one append, so that no crash can come between the former and the new one', async () => {
    const [one, two] = [model('1'), model('2')];
    await here.trained(one, learner);
    await here.trained(two, learner);
    await here.move(tenant, one.id, 'live', ada);
    const appends: string[][] = [];
    const watched = new ModelRegister(
      {
        ...store,
        append: (stream, version, events, ...how) => {
          appends.push(events.map(({ type }) => type));
          return store.append(stream, version, events, ...how);
        },
      },
      { nowMs: () => 0 },
    );
    await watched.move(tenant, two.id, 'live', ada);
    expect(appends).toEqual([['model-superseded.v1', 'model-went-live.v1']]);
  });

  it('of one name leaves the other names alone', async () => {
    const [love, search] = [model('1'), model('1', { name: 'love-search' })];
    for (const one of [love, search]) {
      await here.trained(one, learner);
      await here.move(tenant, one.id, 'live', ada);
    }
    expect(await statuses()).toEqual(['love-1 live', 'love-search-1 live']);
  });
});

it('marks stale what it is told, says which those are, and may be told again', async () => {
  const [one, two] = [model('1'), model('2')];
  await here.trained(one, learner);
  await here.trained(two, learner);
  const by = { atMs: 3000, who: 'heed', why: 'a user was forgotten' };
  expect(await here.markStale(tenant, [one.id], erased, by)).toEqual([one.id]);
  expect(await there.markStale(tenant, [one.id], erased, by)).toEqual([one.id]);
  await expect(there.move(tenant, one.id, 'live', ada)).rejects.toMatchObject({ code: 'model-stale' });
  expect((await there.find(tenant, two.id))?.stale).toBeNull();
});

it('knows nothing of a tenant from before it was removed, and begins again', async () => {
  await here.trained(model('1'), learner);
  await recordRemoval(store, tenant, ada, 0);
  expect(await statuses()).toEqual([]);
  await there.trained(model('1', { passes: false }), learner);
  expect(await statuses()).toEqual(['love-1 refused']);
});

it('records nothing about a model of before a removal once the name has begun again', async () => {
  const old = model('1');
  await here.trained(old, learner);
  let decided = 0;
  const late = new ModelRegister(
    {
      ...store,
      append: async (...appended) => {
        if (decided++ === 0) {
          await recordRemoval(store, tenant, ada, 0);
          await here.trained(model('2'), learner);
        }
        return store.append(...appended);
      },
    },
    { nowMs: () => 0 },
  );
  await expect(late.move(tenant, old.id, 'live', ada)).rejects.toMatchObject({ code: 'model-unknown' });
  expect(decided).toBe(1);
  for (const process of [here, there, late]) expect(await statuses(process)).toEqual(['love-2 passed']);
});
