import { Fault, tenantId, type TenantId } from '@heed/kernel';
import { jsonLog } from '@heed/platform';
import { modelIdOf, type ModelStatus, type RewardModel } from '@heed/policies';
import type { ModelDrift, TakenBack } from '@heed/rewards';
import { expect, it, vi } from 'vitest';
import type { WatchModel } from './watch-model.ts';
import { WatchModels } from './watch-models.ts';

const [first, second] = [tenantId('first'), tenantId('second')] as const;
const erased = { because: 'erasure', events: ['e'], atMs: 0, who: 'heed', why: 'forgotten' } as const;

function model(digit: string, status: ModelStatus, stale: RewardModel['stale'] = null): RewardModel {
  const version = digit.repeat(64);
  const facts = {
    id: modelIdOf('love', version),
    tenant: first,
    name: 'love',
    purpose: 'love',
    version,
  } as const;
  const history: RewardModel['history'] = [];
  return { ...facts, featuresVersion: '1', trainedAtMs: 0, card: 'c', gates: [], status, stale, history };
}
const [live, gone, passed, broken, drifting] = [
  model('1', 'live'),
  model('2', 'live', erased),
  model('3', 'passed'),
  model('4', 'live'),
  model('5', 'live'),
];

const holds: ModelDrift = {
  ...{ model: '', verdict: 'fresh', says: '', since: '2026-01-01T00:00:00.000Z', turns: 0, rows: [] },
  ...{ bound: 0.25, tooFew: [], stale: null },
  takenBack: { reactions: 0, classes: [], bound: 0.01, isStale: false, says: '' },
};

const nothing: TakenBack = { reactions: 0, classes: [], events: [] };

/** A watch over two tenants' models, and what it looked at and said. */
function watching(everyMs: number, look: WatchModel['look'], damaged?: TenantId) {
  const takenBack: WatchModel['takenBack'] = (_tenant, ids) =>
    Promise.resolve(new Map(ids.map((id) => [id, nothing])));
  const said: string[] = [];
  const models = new Map([
    [first, [live, gone, passed, broken]],
    [second, [drifting]],
  ]);
  const watch = new WatchModels({
    log: { tenants: () => Promise.resolve([first, second]) },
    models: {
      all: (tenant) =>
        tenant === damaged
          ? Promise.reject(new Error('an event is damaged'))
          : Promise.resolve(models.get(tenant) ?? []),
    },
    model: { look, takenBack },
    settings: { everyMs },
    journal: jsonLog('info', (line) => said.push(line)),
  });
  return { watch, events: () => said.map((line) => JSON.parse(line) as unknown) };
}

it('looks at live models that are not stale yet, and goes on with the others when one fails', async () => {
  const looked: string[] = [];
  const { watch, events } = watching(0, (tenant, id, _watch, takenBack) => {
    looked.push(`${tenant} ${id}`);
    expect(takenBack).toBe(nothing);
    if (id === broken.id) return Promise.reject(new Fault('model-not-kept', 'Its file is gone.', 'Train.'));
    const stale = { because: 'drift', why: 'others', at: '2026-01-02T00:00:00.000Z' };
    return Promise.resolve(id === drifting.id ? { ...holds, stale } : holds);
  });
  await watch.round();
  expect(looked).toEqual([`first ${live.id}`, `first ${broken.id}`, `second ${drifting.id}`]);
  expect(events()).toEqual([
    expect.objectContaining({
      level: 'error',
      event: 'model-watch-failed',
      model: broken.id,
      code: 'model-not-kept',
    }),
    expect.objectContaining({
      level: 'warn',
      event: 'model-went-stale',
      model: drifting.id,
      because: 'drift',
    }),
    expect.objectContaining({ level: 'info', event: 'models-watched', models: 3 }),
  ]);
});

it('goes on with the other tenants when the models of one cannot be told', async () => {
  const looked: string[] = [];
  const look: WatchModel['look'] = (tenant) => {
    looked.push(tenant);
    return Promise.resolve(holds);
  };
  const { watch, events } = watching(0, look, first);
  await watch.round();
  expect(looked).toEqual(['second']);
  expect(events()).toEqual([
    expect.objectContaining({ event: 'model-watch-failed', tenant: 'first', message: 'an event is damaged' }),
    expect.objectContaining({ event: 'models-watched', models: 1 }),
  ]);
});

it('looks again and again until it is stopped, and lets go of what it has in hand then', async () => {
  let looks = 0;
  const { watch, events } = watching(1, (_tenant, _id, { signal }) => {
    if (++looks <= 3) return Promise.resolve(holds);
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    });
  });
  watch.start();
  // Three models in a round: the fourth look is of the second one.
  await vi.waitUntil(() => looks === 4);
  await watch.stop();
  expect(looks).toBe(4);
  expect(events()).toEqual([expect.objectContaining({ event: 'models-watched' })]);
});

it('looks at nothing by itself where the time between two looks is 0', async () => {
  const { watch } = watching(0, () => Promise.reject(new Error('nobody asked')));
  watch.start();
  await watch.stop();
});
