import { tenantId } from '@heed/kernel';
import {
  modelIdOf,
  type ErasedEvents,
  type EventStore,
  type ModelId,
  type RewardModel,
} from '@heed/policies';
import { cardIn, eventSetOf } from '@heed/rewards';
import { inMemoryEventStore } from '@heed/testing';
import { beforeEach, expect, it } from 'vitest';
import { MarkModelsStale, type CardsByModel } from './mark-models-stale.ts';
import { ModelRegister } from './model-register.ts';

type Card = Awaited<ReturnType<CardsByModel['card']>>;

const tenant = tenantId('acme');
const heed = { atMs: 1000, who: 'heed' };
const clock = { nowMs: () => 0 };
const DAY_MS = 86_400_000;
const TRAINED_MS = Date.UTC(2026, 2, 1);

let store: EventStore;
let models: ModelRegister;
let cards: Map<string, Card>;
let read: string[];
/** Horizons, each with when it was drawn. */
let horizons: readonly { readonly horizonMs: number; readonly drawnMs: number }[];
let stale: MarkModelsStale;
beforeEach(() => {
  store = inMemoryEventStore();
  models = new ModelRegister(store, clock);
  cards = new Map();
  [read, horizons] = [[], []];
  stale = over((_, id) => {
    read.push(id);
    return Promise.resolve(cards.get(id) ?? null);
  });
});

function over(card: CardsByModel['card']): MarkModelsStale {
  const drawnSince = (_: unknown, atMs: number): Promise<number | null> => {
    const drawn = horizons.filter(({ drawnMs }) => drawnMs >= atMs).map(({ horizonMs }) => horizonMs);
    return Promise.resolve(drawn.length === 0 ? null : Math.max(...drawn));
  };
  return new MarkModelsStale(models, { card }, { drawnSince }, store, clock);
}

async function trained(digit: string, events: readonly string[]): Promise<RewardModel> {
  const version = digit.repeat(64);
  const id = modelIdOf('love', version);
  const set = eventSetOf(events);
  const trainedAt = new Date(TRAINED_MS).toISOString();
  const from = new Date(TRAINED_MS - 30 * DAY_MS).toISOString();
  cards.set(id, {
    events: 'ids' in set ? { count: set.count, ids: [...set.ids] } : set,
    ...{ trainedAt, window: { from, to: trainedAt } },
  });
  const facts = {
    id,
    tenant,
    name: 'love',
    purpose: 'love',
    version,
    featuresVersion: '1',
    trainedAtMs: TRAINED_MS,
  } as const;
  const gates = [{ gate: 'calibrated', passed: true, says: 'error is 0.02' }];
  return models.trained({ ...facts, card: 'c'.repeat(64), gates }, { ...heed, why: 'trained' });
}
const isStale = async (): Promise<boolean[]> =>
  (await models.all(tenant)).map((model) => model.stale !== null).reverse();
const erasure = (name: string, ...events: readonly string[]): ErasedEvents => ({
  ...{ erasure: name, events },
  userSinceMs: TRAINED_MS - 20 * DAY_MS,
});
const mark = (...erased: readonly ErasedEvents[]): Promise<readonly (readonly ModelId[])[]> =>
  stale.markLeaningOn(tenant, erased, heed);

it('marks the models behind which an event stands, few or many, and no other', async () => {
  const few = await trained('1', ['e-1', 'e-2']);
  const many = await trained(
    '2',
    Array.from({ length: 5000 }, (_, n) => `e-${n}`),
  );
  await trained('3', ['e-9999']);
  expect(await mark(erasure('one', 'x', 'e-2'))).toEqual([[many.id, few.id]]);
  expect(await isStale()).toEqual([true, true, false]);
});

it('takes a model whose card cannot be read for one that may lean on anything', async () => {
  const { id } = await trained('1', ['e-1']);
  stale = over(() => Promise.reject(new Error('no connection')));
  await expect(mark(erasure('one', 'x'))).rejects.toThrow('no connection');
  expect(await isStale()).toEqual([false]);
  stale = over(async () => {
    await Promise.resolve();
    return cardIn('{"card":1', 'love.json');
  });
  expect(await mark(erasure('one', 'x'))).toEqual([[id]]);
});

it('takes a model whose card is gone for one that may lean on anything', async () => {
  const { id } = await trained('1', ['e-1']);
  cards.clear();
  expect(await mark(erasure('one'))).toEqual([[]]);
  expect(await mark(erasure('two', 'x'))).toEqual([[id]]);
  expect((await models.find(tenant, id))?.stale?.why).toContain('may rest on');
});

it('may be told again, and says the same', async () => {
  const { id } = await trained('1', ['e-1']);
  for (let time = 0; time < 2; time++) expect(await mark(erasure('one', 'e-1'))).toEqual([[id]]);
  expect((await models.find(tenant, id))?.history.filter((step) => step.stale)).toHaveLength(1);
});

it('says of erasures that are told together which model each takes, and reads each card once', async () => {
  const [both, second] = [await trained('1', ['e-1', 'e-2']), await trained('2', ['e-2'])];
  const all = [erasure('one', 'e-1'), erasure('two', 'e-2'), erasure('none', 'x')];
  expect(await mark(...all)).toEqual([[both.id], [second.id, both.id], []]);
  expect(read.toSorted()).toEqual([both.id, second.id]);
  // What is stale is passed over: it says by which erasures.
  expect(await mark(...all)).toEqual([[both.id], [second.id, both.id], []]);
  expect(await mark(erasure('late', 'e-1'))).toEqual([[]]);
  expect(read).toHaveLength(2);
});

it.each([
  ['was taken since it was trained', 10, 5, 1, [true]],
  ['was taken long before it was trained', 10, -5, 1, [false]],
  ['lies before what it learnt from', 40, 5, 1, [false]],
  ['was of a time before the user came', 25, 5, 1, [false]],
  ['was taken, of a user whom no key tells of', 25, 5, null, [true]],
] as const)('of what retention removed: %s', async (_, daysBefore, drawnAfter, since, expected) => {
  await trained('1', ['e-1']);
  const horizonMs = TRAINED_MS - daysBefore * DAY_MS;
  horizons = [{ horizonMs, drawnMs: TRAINED_MS + drawnAfter * DAY_MS }];
  const erased = erasure('one');
  await mark(since === null ? { ...erased, userSinceMs: null } : erased);
  expect(await isStale()).toEqual(expected);
});
