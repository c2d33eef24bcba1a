import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import type { Example } from '../exposure/draw-examples.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { FeatureReader } from '../features/feature-reader.ts';
import { scoreTurns } from '../reward-head.ts';
import { fitHead } from '../training/fit-head.ts';
import { loveOrder, loveTurns } from '../training-run/love-turns.fixture.ts';
import { adversariesMove, type LoveScorer } from './adversaries.ts';
import { plantedTurns, type Attack } from './planted-turns.ts';

const turns = loveTurns(700);
const laterStartMs = Date.UTC(2026, 4, 1);
const later = loveTurns(200, { startMs: laterStartMs, name: 'later' });
const attack: Attack = {
  target: ({ response }: ObservedTurn) => response.startsWith('Sorry'),
  each: 100,
  apartMs: 1000,
};

/** The real training: every fifth example tunes. */
function train(examples: readonly Example[]): LoveScorer {
  const reader = new FeatureReader('answer');
  const labelled = (own: readonly Example[]) => ({
    table: reader.read(own.map(({ turn }) => turn)),
    labels: Uint8Array.from(own, ({ label }) => label),
  });
  const [fit, tune] = [examples.filter((_, n) => n % 5 !== 0), examples.filter((_, n) => n % 5 === 0)];
  const { head } = fitHead('answer', labelled(fit), labelled(tune), 0, 7, () => undefined);
  return (judged) => scoreTurns(head, reader.read(judged)).probabilities;
}

describe('adversariesMove', () => {
  it('moves less with the caps than without, but is not undone by them, and no AUROC shows it', () => {
    const { honest, rows, says } = adversariesMove(
      {
        ...{ turns, later, rules: loveOrder.rules, attack, train },
        untilMs: laterStartMs,
        laterUntilMs: loveOrder.trainedAtMs,
      },
      seededRandom(3),
    );
    expect(rows.map(({ share, adversaries }) => [share, adversaries])).toEqual([
      [0.001, 1],
      [0.01, 2],
      [0.05, 10],
    ]);
    const moved = (by: 'capped' | 'uncapped'): readonly number[] =>
      rows.map((row) => (row[by].targetScore ?? NaN) - (honest[by].targetScore ?? NaN));
    const [capped, uncapped] = [moved('capped'), moved('uncapped')];
    for (const [n, by] of uncapped.entries()) expect(by).toBeGreaterThan(capped[n] ?? NaN);
    // At 5 % a model without caps believes nearly everything: there is no twice of that.
    for (const n of [0, 1]) expect(uncapped[n]).toBeGreaterThan(2 * (capped[n] ?? NaN));
    // Each of ten users has a hundredth of what counts.
    expect(capped[2]).toBeGreaterThan(0.1);
    expect(capped[2]).toBeLessThan(0.25);
    expect(rows[2]?.uncapped.auroc).toBeGreaterThan(0.9);
    expect(uncapped[2]).toBeGreaterThan(0.4);
    expect(capped[0]).toBeLessThan(0.1);
    expect(rows[2]?.uncapped.targetLoveRate).toBeGreaterThan(rows[2]?.capped.targetLoveRate ?? NaN);
    expect(honest.capped.auroc).toBeGreaterThan(0.9);
    expect(says).toContain(
      '5.0 % of users (10 of 196) as adversaries move the mean score of their kind of answer from 0.',
    );
  });
});

it('a share of love beyond the caps is no lack of love where none is named', () => {
  const { honest, rows } = adversariesMove(
    {
      ...{ turns, later, attack, train, shares: [0.05] },
      rules: { ...loveOrder.rules, negative: [] },
      untilMs: laterStartMs,
      laterUntilMs: loveOrder.trainedAtMs,
    },
    seededRandom(3),
  );
  const [row] = rows;
  // Of ten who love a hundred each some thirty count beside 243 honest answers; the others are no examples, or the rate would be below 0.05.
  expect(row?.capped.targetLoveRate).toBeGreaterThan(0.1);
  expect(row?.capped.targetLoveRate).toBeLessThan(0.2);
  expect(row?.capped.targetScore).toBeGreaterThan(honest.capped.targetScore ?? NaN);
  expect(row?.uncapped.targetScore).toBeGreaterThan(row?.capped.targetScore ?? NaN);
  expect(row?.capped.auroc).toBeGreaterThan(0.9);
});

describe('plantedTurns', () => {
  it('has each adversary love target answers, within the time of the log, under names of their own', () => {
    const planted = plantedTurns(turns, 3, attack, loveOrder.rules, seededRandom(5));
    expect(planted).toHaveLength(300);
    expect(new Set(planted.map(({ user }) => user)).size).toBe(3);
    expect(new Set([...turns, ...planted].map(({ event }) => event)).size).toBe(1000);
    expect(planted.every((turn) => attack.target(turn) && turn.reactions[0]?.kind === 'love')).toBe(true);
    const last = Math.max(...turns.map(({ atMs }) => atMs));
    expect(Math.max(...planted.map(({ atMs }) => atMs))).toBeLessThanOrEqual(last);
    expect(plantedTurns(turns, 3, attack, loveOrder.rules, seededRandom(5))).toEqual(planted);
  });

  it('says when there is nothing to love', () => {
    const none = { ...attack, target: () => false };
    expect(() => plantedTurns(turns, 1, none, loveOrder.rules, seededRandom(5))).toThrow(
      expect.objectContaining({ code: 'no-target-answers' }),
    );
  });
});
