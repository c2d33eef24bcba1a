import { eventId, Fault, sessionId, tenantId, turnId } from '@heed/kernel';
import { type RetractedTurn, type WatchedLog, type WrittenModel } from '@heed/rewards';
import { exampleModel } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { WatchModel } from './watch-model.ts';

const tenant = tenantId('shop');
const DAY_MS = 86_400_000;
const quietly = { progress: () => undefined, signal: new AbortController().signal };

/** A model that was trained so many days before the others and rests on one reaction. */
function trained(name: string, byte: number, daysBefore = 0): WrittenModel {
  const { card, file } = exampleModel(name, byte);
  const trainedAt = new Date(Date.parse(card.trainedAt) - daysBefore * DAY_MS).toISOString();
  return { card: { ...card, trainedAt, events: { count: 1, ids: [`e-${name}`] } }, file };
}

const gone: RetractedTurn = {
  ...{ session: sessionId('s'), turn: turnId('t'), standing: { answer: [], aftermath: [] } },
  retracted: [
    { event: eventId('e-love'), kind: 'love' },
    { event: eventId('e-other'), kind: 'love' },
  ],
};

/** A watch over these models; what was asked of the log, and of the files. */
function watching(models: readonly WrittenModel[]) {
  const asked: string[] = [];
  const sinceMs: number[] = [];
  const byId = (id: string): WrittenModel => {
    const model = models.find(({ card }) => card.model === id);
    if (model === undefined) throw new Fault('model-not-kept', 'It is gone.', 'Train.');
    return model;
  };
  const log: WatchedLog = {
    tenants: () => Promise.resolve([tenant]),
    recent: () => Promise.resolve([]),
    async *retracted(_tenant, since) {
      sinceMs.push(since);
      yield await Promise.resolve([gone]);
    },
  };
  const held = Promise.withResolvers<undefined>();
  const watch = new WatchModel(
    {
      card: async (_tenant, id) => Promise.resolve(byId(id).card),
      written: async (_tenant, id) => {
        asked.push(id);
        return Promise.resolve(byId(id));
      },
    },
    log,
    {
      drift: async () => {
        await held.promise;
        return { verdict: 'fresh', says: '', rows: [], tooFew: [] };
      },
    },
    { find: () => Promise.resolve(null), markStale: () => Promise.resolve([]) },
    { everyMs: 0, retractedShare: 0.01 },
    { nowMs: () => 0 },
  );
  return { watch, asked, sinceMs, goOn: () => held.resolve(undefined) };
}

describe('what was taken back', () => {
  const [love, other] = [trained('love', 1), trained('other', 2, 30)];
  const ids = [love.card.model, other.card.model];

  it('is read once for all models of a tenant, from a day before the first of them was trained', async () => {
    const { watch, sinceMs } = watching([love, other]);
    const found = await watch.takenBack(tenant, ids, quietly);
    expect([...found].map(([model, { events }]) => [model, events])).toEqual([
      [love.card.model, ['e-love']],
      [other.card.model, ['e-other']],
    ]);
    expect(sinceMs).toEqual([Date.parse(other.card.trainedAt) - DAY_MS]);
  });

  it('is told of the others where a card is gone, and of none without reading', async () => {
    const { watch, sinceMs } = watching([love]);
    expect([...(await watch.takenBack(tenant, ids, quietly)).keys()]).toEqual([love.card.model]);
    expect([...(await watch.takenBack(tenant, ['none'], quietly)).keys()]).toEqual([]);
    expect(sinceMs).toHaveLength(1);
  });

  it('is not read again by a look that is told it', async () => {
    const { watch, sinceMs, goOn } = watching([love]);
    goOn();
    const known = { reactions: 7, classes: [], events: [] };
    const { takenBack } = await watch.look(tenant, love.card.model, quietly, known);
    expect(takenBack.reactions).toBe(7);
    expect(sinceMs).toEqual([]);
    expect((await watch.look(tenant, love.card.model, quietly)).takenBack.reactions).toBe(1);
    expect(sinceMs).toEqual([Date.parse(love.card.trainedAt) - DAY_MS]);
  });
});

describe('a look at a model', () => {
  const [love, other] = [trained('love', 1), trained('other', 2)];

  it('reads its file at its turn, so that what waits holds none', async () => {
    const { watch, asked, goOn } = watching([love, other]);
    const first = watch.look(tenant, love.card.model, quietly);
    const waits = Promise.withResolvers<undefined>();
    const second = watch.look(tenant, other.card.model, {
      ...quietly,
      progress: ({ step }) => {
        if (step === 'waiting for 1 other') waits.resolve(undefined);
      },
    });
    await waits.promise;
    expect(asked).toEqual([love.card.model]);
    goOn();
    await Promise.all([first, second]);
    expect(asked).toEqual([love.card.model, other.card.model]);
  });

  it('that is not there is refused at once', async () => {
    const { watch, goOn } = watching([love]);
    const first = watch.look(tenant, love.card.model, quietly);
    await expect(watch.look(tenant, 'none', quietly)).rejects.toMatchObject({ code: 'model-not-kept' });
    goOn();
    await first;
  });
});
