import { tenantId } from '@heed/kernel';
import { modelIdOf, type EventStore, type TrainedModel } from '@heed/policies';
import { inMemoryEventStore } from '@heed/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordRemoval } from '../event-sourced/tenant-register.ts';
import { FollowLiveModels } from './live-models.ts';
import { ModelRegister } from './model-register.ts';

const [acme, other] = [tenantId('acme'), tenantId('other')];
const by = (atMs: number) => ({ atMs, who: 'ada', why: 'read the card' });

let store: EventStore;
let register: ModelRegister;
let follow: FollowLiveModels;
beforeEach(() => {
  store = inMemoryEventStore();
  const clock = { nowMs: () => 0 };
  register = new ModelRegister(store, clock);
  // Another process than the one that decides.
  follow = new FollowLiveModels(store, new ModelRegister(store, clock));
});

function model(tenant: typeof acme, name: string, purpose: 'love' | 'defect' = 'defect'): TrainedModel {
  const version = 'a'.repeat(64);
  const facts = { tenant, name, version, purpose, featuresVersion: '1', trainedAtMs: 1 } as const;
  const gates = [{ gate: 'calibrated', passed: true, says: 'error is 0.02' }];
  return { id: modelIdOf(name, version), ...facts, card: 'c'.repeat(64), gates };
}
async function putLive(trained: TrainedModel, atMs = 1): Promise<void> {
  await register.trained(trained, by(atMs));
  await register.move(trained.tenant, trained.id, 'live', by(atMs));
}
const names = async (): Promise<unknown> =>
  [...(await follow.live('defect'))].map(([tenant, models]) => [tenant, models.map(({ name }) => name)]);

describe('live models', () => {
  it('are those of the purpose, of every tenant that has one, as of now', async () => {
    expect(await names()).toEqual([]);
    await putLive(model(acme, 'love', 'love'));
    await register.trained(model(other, 'defect'), by(1));
    expect(await names()).toEqual([]);
    await putLive(model(other, 'defect'));
    expect(await names()).toEqual([['other', ['defect']]]);
  });

  it('of one tenant come with the one put live last first', async () => {
    await putLive(model(acme, 'defect'), 5);
    await putLive(model(acme, 'defect-search'), 9);
    expect(await names()).toEqual([['acme', ['defect-search', 'defect']]]);
    await register.move(acme, model(acme, 'defect').id, 'retire', by(10));
    await register.move(acme, model(acme, 'defect').id, 'live', by(11));
    expect(await names()).toEqual([['acme', ['defect', 'defect-search']]]);
  });

  it('say to another process what was recorded with the training that made them fresh again', async () => {
    const thresholds = async (): Promise<unknown> =>
      (await follow.live('defect')).get(acme)?.map(({ besideRules }) => besideRules?.threshold);
    const trained = (threshold: number): TrainedModel => ({
      ...model(acme, 'defect'),
      besideRules: { replacesRules: true, threshold },
    });
    await putLive(trained(0.4));
    expect(await thresholds()).toEqual([0.4]);
    await register.markStale(acme, [trained(0.4).id], { because: 'erasure', events: ['e'] }, by(2));
    expect(await thresholds()).toEqual([0.4]);
    await register.trained(trained(0.6), by(3));
    expect(await thresholds()).toEqual([0.6]);
  });

  it('are none any more once they are retired, or their tenant is removed', async () => {
    await putLive(model(acme, 'defect'));
    await putLive(model(other, 'defect'));
    await register.move(acme, model(acme, 'defect').id, 'retire', by(2));
    expect(await names()).toEqual([['other', ['defect']]]);
    await recordRemoval(store, other, by(3), 3);
    expect(await names()).toEqual([]);
  });

  it('are the same map again while nothing was decided of models', async () => {
    await putLive(model(acme, 'defect'));
    const before = await follow.live('defect');
    await store.append('fix/acme/1', 0, [{ type: 'fix-proposed.v1', data: {} }], 1);
    expect(await follow.live('defect')).toBe(before);
  });

  it('are looked up again after a look that failed', async () => {
    await putLive(model(acme, 'defect'));
    const failing = { ...store, head: () => Promise.reject(new Error('the database is away')) };
    let broken = true;
    const through = new FollowLiveModels(
      { head: () => (broken ? failing.head() : store.head()), readAll: store.readAll.bind(store) },
      register,
    );
    await expect(through.live('defect')).rejects.toThrow('away');
    broken = false;
    expect((await through.live('defect')).size).toBe(1);
  });
});
