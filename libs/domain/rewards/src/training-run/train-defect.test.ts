import { userId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { cardOf } from '../card/card-of.ts';
import { cardPage } from '../card/card-page.ts';
import { modelCard, type ModelCard } from '../card/model-card.ts';
import { bestThreshold } from '../evaluation/decisions.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { FeatureReader } from '../features/feature-reader.ts';
import { scoreTurns } from '../reward-head.ts';
import { fitHead } from '../training/fit-head.ts';
import { defectOrder, defectTurns } from './defect-turns.fixture.ts';
import { evaluateModel } from './evaluate-model.ts';
import { loveTurns } from './love-turns.fixture.ts';
import { trainModel, type TrainedHead } from './train-model.ts';

const cardFor = (trained: TrainedHead): ModelCard =>
  modelCard.parse(
    cardOf(trained, defectOrder, { sha256: 'a'.repeat(64), bytes: 1, heedVersion: '0.1.0' }, 'defect-1'),
  );

describe('a model of failed turns', () => {
  const turns = defectTurns(2000, { next: 0.8, rules: 0.1 });
  const trained = trainModel(turns, defectOrder);
  const card = cardFor(trained);

  it('reads what the user said next, and says so', () => {
    expect(trained.judgement.evaluation.auroc).toBeGreaterThan(0.8);
    expect(trained.head.reading).toBe('aftermath');
    expect(card.features).toMatchObject({ reading: 'aftermath' });
    expect(card.features.bags).toContain('next.words');
    expect(cardPage(card)).toContain('what the user said and did next');
  });

  it('that beats the rules on the same later turns may replace them, and the card says by how much', () => {
    expect(card.verdict).toBe('passed');
    expect(card.rules).toMatchObject({
      ...{ n: trained.parts.test.length, beatsRules: true, replacesRules: true },
      auroc: { model: card.evaluation.auroc },
    });
    expect(card.rules?.auroc.interval.low).toBeGreaterThan(0.2);
    expect(card.rules?.balancedAccuracy.interval.low).toBeGreaterThan(0.2);
    expect(cardPage(card)).toContain('Sessions and mining go by it while it is live');
  });

  it('is held against the rules on later turns by the threshold that it was given when it was trained', async () => {
    const reader = new FeatureReader('aftermath');
    const later = defectTurns(2600, { next: 0.8, rules: 0.1 });
    const figures = await evaluateModel(later, card, true, (some) =>
      Promise.resolve(scoreTurns(trained.head, reader.read(some))),
    );
    expect(figures.rules).toMatchObject({ n: figures.n, threshold: card.rules?.threshold, beatsRules: true });
  });

  it('is given its threshold by what it said of turns before it learned from them', () => {
    const reader = new FeatureReader('aftermath');
    const weak = trainModel(defectTurns(2000, { next: 0.3, rules: 0.1 }), defectOrder);
    const [fit, tune] = [weak.sample.examples, weak.parts.tune].map((examples) => ({
      table: reader.read(examples.map(({ turn }) => turn)),
      labels: Uint8Array.from(examples, ({ label }) => label),
    }));
    if (fit === undefined || tune === undefined) throw new Error('two parts were read');
    const { toldOfTune } = fitHead('aftermath', fit, tune, weak.sample.correction, defectOrder.seed);
    const thresholdBy = (scores: Float64Array): number => bestThreshold({ scores, labels: tune.labels });
    expect(weak.rules?.threshold).toBe(thresholdBy(toldOfTune));
    expect(weak.rules?.threshold).not.toBe(thresholdBy(scoreTurns(weak.head, tune.table).probabilities));
  });

  it('is held against them on the turns alone of which it would decide', () => {
    // Thanks and goodbyes, of which the model knows all and the rules nothing: the model never decides there.
    const mixed = defectTurns(3000, { next: 0.2, rules: 1 }).map((turn, n): ObservedTurn => {
      if (n % 3 !== 0) return turn;
      const failed = turn.reactions[0]?.kind === 'rating.low';
      return {
        ...turn,
        ruledDefect: 0.22,
        keptByRules: true,
        aftermath: { next: failed ? 'so it failed' : 'so it went well', behaviour: [] },
      };
    });
    const { rules, parts } = trainModel(mixed, defectOrder);
    const kept = parts.test.filter(({ turn }) => turn.keptByRules);
    expect(kept.length).toBeGreaterThan(100);
    expect(rules).toMatchObject({
      ...{ leftOut: kept.length, n: parts.test.length - kept.length, beatsRules: false },
      auroc: { rules: 1 },
    });
    expect(rules?.says).toContain(
      `left out are ${String(kept.length)} of ${String(parts.test.length)} turns`,
    );
    const none = mixed.map((turn): ObservedTurn => ({ ...turn, keptByRules: true }));
    const { rules: ofNone } = cardFor(trainModel(none, defectOrder));
    expect(ofNone).toMatchObject({ n: 0, leftOut: parts.test.length, replacesRules: false });
  });

  it.each([
    ['knows no more than they do', { next: 0.8, rules: 1 }, 'passed'],
    ['knows nothing', { next: 0, rules: 0.1 }, 'refused'],
  ] as const)('that %s leaves them in place', (_, knowing, verdict) => {
    const { rules, verdict: own } = cardFor(trainModel(defectTurns(2000, knowing), defectOrder));
    expect(own).toBe(verdict);
    expect(rules).toMatchObject({ beatsRules: false, replacesRules: false });
    expect(rules?.why).toContain('does not surely beat the rules');
    expect(rules?.why).toContain('Sessions and mining stay with the rules');
  });

  it('has nothing to be held against where the rules did not speak', () => {
    const silent = loveTurns(2000).map((turn, n) => ({ ...turn, reactions: turns[n]?.reactions ?? [] }));
    expect(cardFor(trainModel(silent, defectOrder)).rules).toBeUndefined();
  });
});

describe('a training for failed turns refuses', () => {
  const turns = defectTurns(400, { next: 0.8, rules: 0.1 });
  const judgedBy = (kind: string): readonly ObservedTurn[] =>
    turns.map((turn) => ({ ...turn, reactions: turn.reactions.map((one) => ({ ...one, kind })) }));

  it.each([
    ['no turns', [], 'no-turns', /no turns/, /heed import/],
    [
      'no answers',
      turns.map((turn) => ({ ...turn, response: '' })),
      ...(['no-answers', /None of the 400 turns/, /response/] as const),
    ],
    [
      'turns of which nobody stated anything',
      turns.map((turn) => ({ ...turn, reactions: [] })),
      'no-reactions',
      /None of the 400 turns has an outcome named success, a rating or a reaction that stands/,
      /^Send outcome events named success, ratings or reactions; 200 positive and 200 negative ones, of 10 users on 2 days,/,
    ],
    [
      'verdicts of other kinds alone',
      judgedBy('wow'),
      'no-positives',
      /^No turn is a positive example, one that failed: 0 verdicts count, and none of them is outcome\.failed or rating\.low .*There are 400 wow/,
      /--positive/,
    ],
    [
      'turns that all failed',
      judgedBy('outcome.failed'),
      'no-negatives',
      /^All \d+ examples are positive: no verdict is outcome\.served or rating\.high/,
      /--negative KIND,\.\., or send outcome events .* of such kinds/,
    ],
    [
      '50 verdicts',
      turns.slice(0, 50),
      'few-examples',
      /from 50 verdicts that count/,
      /^200 of either would be enough: \d+ positive and \d+ negative wanting/,
    ],
    [
      'one user',
      turns.map((turn) => ({ ...turn, user: userId('u-0') })),
      'few-users',
      /^The verdicts that count are of 1 user/,
      /who asks and who judges in `user`; verdicts of 10 users/,
    ],
    [
      'one day',
      defectTurns(2000, { next: 0.8, rules: 0.1 }).map((turn, n) => ({
        ...turn,
        atMs: Date.UTC(2026, 0, 1) + n,
      })),
      ...(['one-day', /2026-01-01/, /2 days/] as const),
    ],
    [
      'sessions that go on from the first turn to the last',
      defectTurns(2000, { next: 0.8, rules: 0.1 }).map((turn, n, all) => ({
        ...turn,
        session: all[n % 3]?.session ?? turn.session,
      })),
      ...(['uneven-in-time', /left out, of sessions that began earlier/, /Send later verdicts/] as const),
    ],
  ] as const)('%s', (_, own, code, message, remedy) => {
    expect(() => trainModel(own, defectOrder)).toThrow(
      expect.objectContaining({
        code: `training-${code}`,
        message: expect.stringMatching(message) as string,
        remedy: expect.stringMatching(remedy) as string,
      }) as Error,
    );
  });

  it('to be judged where nothing was stated later', async () => {
    const card = cardFor(trainModel(defectTurns(2000, { next: 0.8, rules: 0.1 }), defectOrder));
    const judged = evaluateModel([], card, true, () => Promise.reject(new Error('nothing to score')));
    await expect(judged).rejects.toMatchObject({
      code: 'evaluation-nothing',
      message: expect.stringContaining('with 0 verdicts that count') as string,
      remedy: expect.stringContaining('or wait for verdicts') as string,
    });
  });

  it('nothing because of an empty next text, an empty answer or a long one among others', () => {
    const many = defectTurns(2000, { next: 0.8, rules: 0.1 });
    const odd = many.map((turn, n) => ({
      ...turn,
      ...(n % 10 === 0 && { aftermath: { next: '', behaviour: [] } }),
      ...(n % 10 === 1 && { response: '' }),
      ...(n === 2 && { response: 'word '.repeat(13_107) }),
    }));
    const { counts, leftOut } = cardFor(trainModel(odd, defectOrder));
    expect(leftOut.unanswered).toBe(200);
    expect(counts.examples).toBe(1800);
  });
});
