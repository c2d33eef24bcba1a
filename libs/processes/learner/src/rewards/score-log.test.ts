import { Fault, tenantId, type TenantId } from '@heed/kernel';
import { modelIdOf, type RewardModel } from '@heed/policies';
import type {
  LogScores,
  LogWindow,
  ModelScorers,
  Reading,
  ScoredLog,
  ScoredSession,
  SessionToScore,
} from '@heed/rewards';
import { inMemoryTracing } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { ScoreLog } from './score-log.ts';

const tenant = tenantId('shop');
const NO_SCORES: LogScores = {
  ...{ turns: 0, scored: 0, leftOut: 0, waiting: 0, meanScore: null },
  ...{ byDay: [], byPolicy: [] },
};

/** Sessions of answers, '' where there was none; in memory, one at a time. */
class MemoryLog implements ScoredLog {
  readonly kept = new Map<string, ScoredSession['scores']>();
  readonly #sessions: readonly SessionToScore[];

  constructor(...sessions: readonly (readonly string[])[]) {
    this.#sessions = sessions.map((answers, n) => ({
      session: `s${String(n)}`,
      said: answers.join(),
      turns: answers.map((response) => (response === '' ? null : { context: [], response })),
    }));
  }

  size(): Promise<number> {
    return Promise.resolve(this.#sessions.length);
  }

  /** What the models that it was read for read. */
  readonly readings: Reading[] = [];

  async *read(
    _tenant: TenantId,
    _model: string,
    _window: LogWindow,
    reading: Reading,
  ): AsyncGenerator<{ sessions: number; unscored: readonly SessionToScore[] }> {
    this.readings.push(reading);
    for (const one of this.#sessions)
      yield await Promise.resolve({ sessions: 1, unscored: this.kept.has(one.session) ? [] : [one] });
  }

  keep(_tenant: TenantId, _model: string, sessions: readonly ScoredSession[]): Promise<void> {
    for (const { session, scores } of sessions) this.kept.set(session, scores);
    return Promise.resolve();
  }

  scores(): Promise<LogScores> {
    return Promise.resolve(NO_SCORES);
  }
}

const version = '1'.repeat(64);
const model: RewardModel = {
  ...{ id: modelIdOf('love', version), tenant, name: 'love', purpose: 'love', version, status: 'live' },
  ...{
    featuresVersion: 'grams-1',
    trainedAtMs: 1,
    card: 'c'.repeat(64),
    gates: [],
    stale: null,
    history: [],
  },
};
/** The longer, the better. */
const byLength: ModelScorers = {
  score: (_tenant, _version, turns) => {
    const logits = Float64Array.from(turns, ({ response }) => response.length);
    return Promise.resolve({ logits, probabilities: logits.map((logit) => logit / 10) });
  },
};

function rig(log: ScoredLog, found: RewardModel | null | (() => RewardModel) = model): ScoreLog {
  let nowMs = 0;
  return new ScoreLog(
    log,
    { find: () => Promise.resolve(typeof found === 'function' ? found() : found) },
    byLength,
    { nowMs: () => (nowMs += 1500) },
    inMemoryTracing(),
  );
}

function watch(progress: (done: number) => void = () => undefined, signal = new AbortController().signal) {
  return { progress: ({ done }: { done: number }) => progress(done), signal };
}

const score = (length: number) => ({ probability: length / 10, logit: length });

describe('scoring the log', () => {
  it('gives each answer its score, in its place, and says how far it is', async () => {
    const log = new MemoryLog(['a', '', 'abc'], [''], ['ab']);
    const done: number[] = [];
    const report = await rig(log).run(
      tenant,
      'love',
      {},
      watch((n) => done.push(n)),
    );
    expect([...log.kept]).toEqual([
      ['s0', [score(1), null, score(3)]],
      ['s1', [null]],
      ['s2', [score(2)]],
    ]);
    expect(done).toEqual([1, 2, 3]);
    expect(report).toEqual({ ...NO_SCORES, model: model.id, scoredNow: 3, seconds: 1.5 });
  });

  it.each([
    ['love', 'answer'],
    ['defect', 'aftermath'],
  ] as const)('has of the turns for a %s model what its models read', async (purpose, reading) => {
    const log = new MemoryLog(['a']);
    await rig(log, { ...model, purpose }).run(tenant, purpose, {}, watch());
    expect(log.readings).toEqual([reading]);
  });

  it('goes on where it stopped when its caller went', async () => {
    const log = new MemoryLog(['a'], ['ab'], ['abc']);
    const scoring = rig(log);
    const gone = new AbortController();
    const went = new Fault('work-cut-short', 'The caller went.', 'Run it again.');
    const first = scoring.run(
      tenant,
      'love',
      {},
      watch(() => gone.abort(went), gone.signal),
    );
    await expect(first).rejects.toBe(went);
    expect([...log.kept.keys()]).toEqual(['s0']);
    expect(await scoring.run(tenant, 'love', {}, watch())).toMatchObject({ scoredNow: 2 });
    expect([...log.kept.keys()]).toEqual(['s0', 's1', 's2']);
    expect(await scoring.run(tenant, 'love', {}, watch())).toMatchObject({ scoredNow: 0 });
  });

  it.each([
    ['there is none', null, 'no-live-model'],
    ['it is not live', { ...model, status: 'passed' }, 'model-not-live'],
    ['it says nothing of single turns', { ...model, purpose: 'followup' }, 'model-purpose-differs'],
  ] as const)('refuses a model when %s', async (_, found, code) => {
    const log = new MemoryLog(['a']);
    await expect(rig(log, found).run(tenant, 'love', {}, watch())).rejects.toMatchObject({ code });
    expect(log.kept.size).toBe(0);
  });

  it('goes by which model is live at its turn, not when it was asked for', async () => {
    let found: RewardModel = model;
    const log = new MemoryLog(['a'], ['ab']);
    const scoring = rig(log, () => found);
    const begun = Promise.withResolvers<undefined>();
    const first = scoring.run(
      tenant,
      'love',
      {},
      watch(() => begun.resolve(undefined)),
    );
    const waits = Promise.withResolvers<undefined>();
    const second = scoring.run(
      tenant,
      'love',
      {},
      watch(() => waits.resolve(undefined)),
    );
    await waits.promise;
    found = { ...model, status: 'retired' };
    await begun.promise;
    expect(await first).toMatchObject({ scoredNow: 2 });
    await expect(second).rejects.toMatchObject({ code: 'model-not-live' });
  });

  it('tells what a model said that is not live any more, and which models there are not', async () => {
    const retired = rig(new MemoryLog(), { ...model, status: 'retired' });
    expect(await retired.scores(tenant, 'love', {})).toEqual({ ...NO_SCORES, model: model.id });
    await expect(rig(new MemoryLog(), null).scores(tenant, 'love', {})).rejects.toMatchObject({
      code: 'model-unknown',
    });
  });
});
