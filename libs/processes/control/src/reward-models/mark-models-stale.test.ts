import { tenantId } from '@heed/kernel';
import { modelIdOf, type RewardModel } from '@heed/policies';
import { cardIn, eventSetOf, type ModelCard } from '@heed/rewards';
import { inMemoryEventStore } from '@heed/testing';
import { beforeEach, expect, it } from 'vitest';
import { MarkModelsStale, type CardsByModel } from './mark-models-stale.ts';
import { ModelRegister } from './model-register.ts';

const tenant = tenantId('acme');
const heed = { atMs: 1000, who: 'heed', why: 'a user was forgotten' };
const erased = { because: 'erasure', events: ['erasure-1'] } as const;

let models: ModelRegister;
let cards: Map<string, ModelCard['events']>;
let stale: MarkModelsStale;
beforeEach(() => {
  models = new ModelRegister(inMemoryEventStore(), { nowMs: () => 0 });
  cards = new Map();
  const card: CardsByModel['card'] = (_, id) => {
    const events = cards.get(id);
    return Promise.resolve(events === undefined ? null : { events });
  };
  stale = new MarkModelsStale(models, { card });
});

async function trained(digit: string, events: readonly string[]): Promise<RewardModel> {
  const version = digit.repeat(64);
  const id = modelIdOf('love', version);
  const set = eventSetOf(events);
  cards.set(id, 'ids' in set ? { count: set.count, ids: [...set.ids] } : set);
  const facts = {
    id,
    tenant,
    name: 'love',
    purpose: 'love',
    version,
    featuresVersion: '1',
    trainedAtMs: 0,
  } as const;
  const gates = [{ gate: 'calibrated', passed: true, says: 'error is 0.02' }];
  return models.trained({ ...facts, card: 'c'.repeat(64), gates }, heed);
}
const isStale = async (): Promise<boolean[]> =>
  (await models.all(tenant)).map((model) => model.stale !== null).reverse();

it('marks the models behind which an event stands, few or many, and no other', async () => {
  const few = await trained('1', ['e-1', 'e-2']);
  const many = await trained(
    '2',
    Array.from({ length: 5000 }, (_, n) => `e-${n}`),
  );
  await trained('3', ['e-9999']);
  expect(await stale.markLeaningOn(tenant, ['x', 'e-2'], erased, heed)).toEqual([many.id, few.id]);
  expect(await isStale()).toEqual([true, true, false]);
});

it('takes a model whose card cannot be read for one that may lean on anything', async () => {
  const { id } = await trained('1', ['e-1']);
  stale = new MarkModelsStale(models, { card: () => Promise.reject(new Error('no connection')) });
  await expect(stale.markLeaningOn(tenant, ['x'], erased, heed)).rejects.toThrow('no connection');
  expect(await isStale()).toEqual([false]);
  stale = new MarkModelsStale(models, {
    card: async () => {
      await Promise.resolve();
      return cardIn('{"card":1', 'love.json');
    },
  });
  expect(await stale.markLeaningOn(tenant, ['x'], erased, heed)).toEqual([id]);
});

it('may be told again, and says the same', async () => {
  const { id } = await trained('1', ['e-1']);
  for (let time = 0; time < 2; time++)
    expect(await stale.markLeaningOn(tenant, ['e-1'], erased, heed)).toEqual([id]);
  expect((await models.find(tenant, id))?.history.filter((step) => step.stale)).toHaveLength(1);
});

it('takes a model whose card is gone for one that may lean on anything', async () => {
  const { id } = await trained('1', ['e-1']);
  cards.clear();
  expect(await stale.markLeaningOn(tenant, [], erased, heed)).toEqual([]);
  expect(await stale.markLeaningOn(tenant, ['x'], erased, heed)).toEqual([id]);
});
