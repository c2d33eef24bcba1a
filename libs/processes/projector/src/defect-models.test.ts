import { cloudEventOf, type LogEntry } from '@heed/events';
import { Fault, sessionId, tenantId } from '@heed/kernel';
import { jsonLog } from '@heed/platform';
import { modelIdOf, type RewardModel } from '@heed/policies';
import type { ReadableTurn } from '@heed/rewards';
import { ruleModels, type DefectModels, type SessionKey } from '@heed/sessions';
import { InMemorySessionStore } from '@heed/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { asNamed, otherwiseJudged } from './as-named.ts';
import { TenantDefectModels, type DefectModelParts } from './defect-models.ts';
import { projectBatch } from './project-batch.ts';

const [shop, other] = [tenantId('shop'), tenantId('other')];
const NOON = Date.UTC(2026, 2, 2, 12);
const RULES = ruleModels.outcome.version;

function model(name: string, tenant = shop): RewardModel {
  const version = name.length.toString(16).repeat(64);
  return {
    ...{ id: modelIdOf(name, version), tenant, name, purpose: 'defect', version, featuresVersion: '1' },
    ...{ trainedAtMs: 0, card: 'c', gates: [], status: 'live', stale: null, history: [] },
  };
}

const beside = (replacesRules: boolean) => ({ rules: { replacesRules, threshold: 0.5 } });

type Card = ReturnType<typeof beside> | { readonly rules?: undefined };

let live: Map<typeof shop, readonly RewardModel[]>;
let cards: Map<string, Card>;
let scored: (readonly ReadableTurn[])[];
let isAway: boolean;
let said: string[];
let left: number;
let models: TenantDefectModels;
let store: InMemorySessionStore;
beforeEach(() => {
  [live, cards] = [new Map<typeof shop, readonly RewardModel[]>(), new Map<string, Card>()];
  [scored, isAway, said, left] = [[], false, [], 0];
  store = new InMemorySessionStore();
  const parts: DefectModelParts = {
    live: { live: () => Promise.resolve(live) },
    models: {
      find: (_, id) =>
        Promise.resolve([model('defect'), model('defects')].find((one) => one.id === id) ?? null),
    },
    cards: { card: (_, id) => Promise.resolve(cards.get(id) ?? null) },
    // A model by which an answer failed where the user said so next.
    scorers: {
      score: (_, __, turns) => {
        if (isAway) return Promise.reject(new Fault('model-missing', 'The file is gone.', 'Put it back.'));
        scored.push(turns);
        const probabilities = Float64Array.from(turns, ({ aftermath }) =>
          aftermath?.next === 'zilch' ? 0.9 : 0.1,
        );
        return Promise.resolve({ probabilities, logits: probabilities });
      },
    },
    journal: jsonLog('info', (line) => said.push(line)),
    onLeftToRules: () => left++,
  };
  models = new TenantDefectModels(parts);
});

let positions = 0;
function entries(
  session: string,
  tenant: typeof shop,
  ...turns: readonly [request: string, answer?: string][]
): readonly LogEntry[] {
  return turns.map(([text, answer], n) => {
    const position = ++positions;
    const id = `${session}-${String(n)}`;
    const event = cloudEventOf({
      ...{ type: 'heed.turn.v1', id, source: '/test', session, timeMs: NOON + n * 30_000 },
      data: { turn: id, request: { text }, ...(answer !== undefined && { response: { text: answer } }) },
    });
    return { tenant, key: id, session, position, receivedAtMs: NOON, body: JSON.stringify(event) };
  });
}
const project = (batch: readonly LogEntry[], defects: DefectModels = models): Promise<void> =>
  projectBatch(batch, store, { models: ruleModels, defects });
const outcomes = (tenant = shop): unknown =>
  store
    .sessions(tenant)
    .map(({ turns, models: { outcome } }) => [
      outcome,
      ...turns.map((turn) => `${turn.outcome.kind} ${turn.outcome.decidedBy}`),
    ]);

describe('a model of failed turns in force', () => {
  const jazz = entries('s', shop, ['play jazz', 'Here it is.'], ['zilch', 'As you like.'], ['and rock']);
  const defect = model('defect');

  it('decides what was answered, each session by itself, and is named', async () => {
    live.set(shop, [defect]);
    cards.set(defect.id, beside(true));
    await project([
      ...jazz,
      ...entries('t', shop, ['lights on', 'Done.']),
      ...entries('u', other, ['hi', 'Hello.']),
    ]);
    expect(outcomes()).toEqual([
      [defect.id, 'defect model', 'success model', 'unlabelled silence'],
      [defect.id, 'success model'],
    ]);
    expect(outcomes(other)).toEqual([[RULES, 'unlabelled silence']]);
    expect(scored.map((turns) => turns.map(({ response }) => response))).toEqual([
      ['Here it is.', 'As you like.'],
      ['Done.'],
    ]);
    expect(said).toEqual([]);
  });

  it.each([
    ['does not beat the rules', beside(false)],
    ['was not held against the rules', {}],
  ])('that %s leaves sessions to them, and asks nothing of its file', async (_, card) => {
    isAway = true;
    live.set(shop, [defect]);
    cards.set(defect.id, card);
    await project(jazz);
    expect(outcomes()).toEqual([[RULES, 'unlabelled silence', 'unlabelled silence', 'unlabelled silence']]);
    expect([said, left]).toEqual([[], 0]);
  });

  it('is the one put live last of those that beat the rules', async () => {
    const [newest, better] = [model('defect-newest'), model('defects')];
    live.set(shop, [newest, better, defect]);
    for (const [id, replaces] of [
      [newest.id, false],
      [better.id, true],
      [defect.id, true],
    ] as const)
      cards.set(id, beside(replaces));
    await project(jazz);
    expect(store.sessions(shop).map((session) => session.models.outcome)).toEqual([better.id]);
  });

  it('goes by what is recorded of it, from the step on that renews it, whatever its card says', async () => {
    cards.set(defect.id, beside(false));
    const recorded = (threshold: number): RewardModel => ({
      ...defect,
      besideRules: { replacesRules: true, threshold },
    });
    live.set(shop, [recorded(0.5)]);
    await project(entries('s', shop, ['play jazz', 'Here it is.'], ['zilch']));
    // Another look at the record has another map.
    live = new Map([[shop, [recorded(0.95)]]]);
    await project(entries('t', shop, ['play jazz', 'Here it is.'], ['zilch']));
    expect(outcomes()).toEqual([
      [defect.id, 'defect model', 'unlabelled silence'],
      [defect.id, 'success model', 'unlabelled silence'],
    ]);
    live = new Map([[shop, [{ ...defect, besideRules: { replacesRules: false, threshold: 0.5 } }]]]);
    cards.set(defect.id, beside(true));
    await project(entries('u', shop, ['play jazz', 'Here it is.']));
    expect(store.sessions(shop).at(-1)?.models.outcome).toBe(RULES);
  });

  it('that cannot be run leaves sessions to the rules, is told of once, and tried again for the next batch', async () => {
    live.set(shop, [defect]);
    cards.set(defect.id, beside(true));
    isAway = true;
    await project([...jazz, ...entries('t', shop, ['lights on', 'Done.'])]);
    await project(entries('v', shop, ['lights off', 'Done.']));
    expect(left).toBe(3);
    expect(said).toHaveLength(1);
    expect(JSON.parse(said[0] ?? '')).toMatchObject({
      ...{ level: 'error', event: 'defect-model-left-out', tenant: 'shop' },
      ...{ model: defect.id, code: 'model-missing' },
    });
    isAway = false;
    await project(entries('w', shop, ['louder', 'Done.']));
    expect(store.sessions(shop).map((session) => session.models.outcome)).toEqual([
      RULES,
      RULES,
      RULES,
      defect.id,
    ]);
    isAway = true;
    await project(entries('x', shop, ['softer', 'Done.']));
    expect(said).toHaveLength(2);
  });

  it('that nobody can tell for now stops the batch, which comes again', async () => {
    const away = new Fault('database-unreachable', 'PostgreSQL does not answer.', 'Start it.');
    const unknown = { inForce: () => Promise.reject(away), named: () => Promise.reject(away) };
    await expect(project(jazz, unknown)).rejects.toBe(away);
    expect(store.sessions(shop)).toEqual([]);
  });

  it('whose card is gone leaves sessions to the rules, and is told of', async () => {
    live.set(shop, [defect]);
    await project(jazz);
    expect(store.sessions(shop).map((session) => session.models.outcome)).toEqual([RULES]);
    expect(said.filter((line) => line.includes('model-missing'))).toHaveLength(1);
  });
});

describe('the models that rows name', () => {
  const [defect, defects] = [model('defect'), model('defects')];
  const named = { s: defect.id, t: defects.id, u: RULES, v: 'defect-0000000000000000' } as const;
  const names = {
    counts: () =>
      Promise.resolve(
        Object.values(named).map((name, n) => ({ tenant: shop, model: name, sessions: 10 ** n })),
      ),
    of: (sessions: readonly SessionKey[]) =>
      Promise.resolve(
        Object.entries(named).flatMap(([name, id]) => {
          const session = sessionId(name);
          const isAskedFor = sessions.some((one) => one.session === session);
          return isAskedFor ? [{ tenant: shop, session, model: id }] : [];
        }),
      ),
  };
  beforeEach(() => {
    for (const { id } of [defect, defects]) cards.set(id, beside(true));
  });

  const batchOf = (...sessions: readonly string[]) =>
    sessions.flatMap((session) => entries(session, shop, ['play jazz', 'Here it is.']));

  it('decide again, live or not, and whether or not a later card still has them beat the rules', async () => {
    cards.set(defects.id, beside(false));
    await project(batchOf('s', 't', 'u'), await asNamed(models, names));
    const got = store.sessions(shop).map((one) => [one.session, one.models.outcome]);
    const { v, ...there } = named;
    expect(Object.fromEntries(got)).toEqual(there);
    expect(v).not.toBe(RULES);
  });

  it('are named where one is not there or cannot be run: the rules are no measure of its rows', async () => {
    await expect(project(batchOf('u', 'v'), await asNamed(models, names))).rejects.toThrow(named.v);
    isAway = true;
    const away = await asNamed(models, names);
    await expect(project(batchOf('s'), away)).rejects.toThrow(defect.id);
    isAway = false;
    await project(batchOf('s'), away);
    expect(store.sessions(shop).map((one) => one.models.outcome)).toEqual([defect.id]);
  });

  it('are counted where another would decide now', async () => {
    expect(await otherwiseJudged(models, names)).toBe(1 + 10 + 1000);
    live.set(shop, [defect]);
    expect(await otherwiseJudged(models, names)).toBe(10 + 100 + 1000);
    expect(await otherwiseJudged(undefined, names)).toBe(1 + 10 + 1000);
  });
});
