import { seededRandom } from '@heed/kernel';
import { calibrationError, reliability } from '@heed/statistics';
import { describe, expect, it } from 'vitest';
import type { Example } from '../exposure/draw-examples.ts';
import { observed } from '../exposure/observed-turns.fixture.ts';
import { evaluate, evaluateFigures, type JudgedCases } from './evaluate.ts';
import { releaseGates, type ReleaseGate } from './release-gates.ts';
import { segmentsOf } from './segments.ts';

interface Case {
  readonly said: number;
  readonly label: 0 | 1;
  readonly length: number;
}

/** Labels drawn by a probability, of which the model says what `says` makes. */
function drawn(count: number, says: (truth: number, length: number) => number, seed = 7): readonly Case[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const truth = 0.05 + 0.9 * random.next();
    const length = 20 + random.below(400);
    return { said: says(truth, length), label: random.chance(truth) ? 1 : 0, length };
  });
}

function judged(cases: readonly Case[]): JudgedCases {
  const lengths = Float64Array.from(cases, ({ length }) => length);
  return {
    probabilities: Float64Array.from(cases, ({ said }) => said),
    labels: Uint8Array.from(cases, ({ label }) => label),
    lengths,
    byLength: lengths,
    baseRate: 0.5,
    clusters: Uint32Array.from(cases.keys()),
  };
}

function examplesOf(cases: readonly Case[], localeOf: (one: Case, at: number) => string): readonly Example[] {
  const turns = observed(
    cases.map(({ length }, at) => ({ atMs: at, user: `u-${String(at)}`, response: 'x'.repeat(length) })),
  );
  return turns.flatMap((turn, at) => {
    const one = cases[at];
    return one === undefined
      ? []
      : { turn: { ...turn, locale: localeOf(one, at) }, label: one.label, reactions: [] };
  });
}

function refusedBy(cases: readonly Case[]): readonly string[] {
  const evaluation = evaluate(judged(cases), 7);
  const segments = segmentsOf(
    examplesOf(cases, () => 'en'),
    judged(cases),
    new Set(),
    7,
  );
  return releaseGates(evaluation, segments)
    .filter(({ passed }) => !passed)
    .map(({ gate }) => gate);
}

/** Without the intervals, which it does not go by and which take long. */
function calibratedGate(cases: readonly Case[]): ReleaseGate | undefined {
  const { probabilities, labels } = judged(cases);
  const bins = reliability(probabilities, labels);
  const evaluation = {
    ...evaluate(judged(cases.slice(0, 2)), 1),
    n: cases.length,
    ece: calibrationError(bins),
    reliability: bins,
  };
  return releaseGates(evaluation, []).find(({ gate }) => gate === 'calibrated');
}

/** Over a hundred seeds. */
function passesCalibrated(count: number, says: (truth: number) => number): readonly (boolean | undefined)[] {
  return Array.from({ length: 100 }, (_, seed) => calibratedGate(drawn(count, says, seed))?.passed);
}

describe('a model is released', () => {
  it('when it says what is seen', () => {
    expect(refusedBy(drawn(2000, (truth) => truth))).toEqual([]);
  });

  it('not when it says nothing of the answer', () => {
    const random = seededRandom(3);
    expect(refusedBy(drawn(2000, () => 0.4 + 0.2 * random.next()))).toContain('better-than-length');
  });

  it('not when it only beats a length line that is worse than chance', () => {
    const random = seededRandom(3);
    const cases = drawn(2000, () => random.next());
    const inverted = judged(cases).probabilities.map((_, at) => 1 - (cases[at]?.label ?? 0));
    const evaluation = evaluate({ ...judged(cases), byLength: inverted }, 7);
    expect(evaluation.lengthAuroc).toBe(0);
    const gate = releaseGates(evaluation, []).find((one) => one.gate === 'better-than-length');
    expect(gate).toMatchObject({ passed: false });
  });

  it('nearly always when it is calibrated, however few cases there are', () => {
    const refused = passesCalibrated(300, (truth) => truth).filter((passed) => !passed).length;
    expect(refused).toBeLessThan(3);
  });

  it('hardly ever when it says .1 too much of thousands', () => {
    const passed = passesCalibrated(3000, (truth) => Math.min(1, truth + 0.1)).filter(Boolean).length;
    expect(passed).toBeLessThan(3);
  });

  it('with the error as it was measured beside what of it is chance', () => {
    const gate = calibratedGate(drawn(300, (truth) => truth));
    expect(gate?.says).toMatch(
      /^expected calibration error is 0\.0[4-9]\d, [+-]0\.0\d\d beside the 0\.0[5-7]\d that a calibrated model has on 300 cases$/u,
    );
  });

  it('with the word where no segment could be judged', () => {
    const gates = releaseGates(evaluate(judged(drawn(200, (truth) => truth)), 7), []);
    expect(gates.at(-1)).toMatchObject({
      gate: 'no-segment-below-chance',
      passed: true,
      says: 'not judged: no segment has 30 cases of either class',
    });
  });

  it('not when it is too sure', () => {
    expect(refusedBy(drawn(2000, (truth) => (truth > 0.5 ? 0.99 : 0.01)))).toEqual(
      expect.arrayContaining(['calibrated', 'better-than-base-rate']),
    );
  });

  it('not when it goes by the length', () => {
    expect(refusedBy(drawn(2000, (_, length) => length / 500))).toContain('not-length');
  });

  it('not when there is nothing to tell it by', () => {
    const lovedAlone = drawn(200, (truth) => truth).map((one) => ({ ...one, label: 1 as const }));
    expect(refusedBy(lovedAlone)).toContain('better-than-length');
  });

  it('not when it is wrong about a segment, which is named', () => {
    const right = drawn(1500, (truth) => truth);
    const wrong = drawn(300, (truth) => 1 - truth, 8);
    const cases = [...right, ...wrong];
    const examples = examplesOf(cases, (_, at) => (at < right.length ? 'en' : 'fi'));
    const segments = segmentsOf(examples, judged(cases), new Set(), 7);
    expect(segments[0]).toMatchObject({ by: 'locale', name: 'fi', n: 300 });
    // Every figure of a segment is that of its cases by themselves.
    expect(segments[0]).toEqual({ by: 'locale', name: 'fi', ...evaluateFigures(judged(wrong), 7) });
    const gates = releaseGates(evaluate(judged(cases), 7), segments);
    const gate = gates.find((one) => one.gate === 'no-segment-below-chance');
    expect(gate?.passed).toBe(false);
    expect(gate?.says).toMatch(/locale fi, has AUROC 0\.\d+: it must be above 0\.500/u);
  });
});

describe('evaluate', () => {
  it('gives each figure an interval around it, the same for the same seed', () => {
    const cases = judged(drawn(400, (truth) => truth));
    const evaluation = evaluate(cases, 7);
    expect(evaluate(cases, 7)).toEqual(evaluation);
    const { auroc, logLoss, intervals } = evaluation;
    expect(intervals.auroc.low).toBeLessThan(auroc);
    expect(intervals.auroc.high).toBeGreaterThan(auroc);
    expect(intervals.logLoss.low).toBeLessThan(logLoss);
    expect(intervals.logLoss.high).toBeGreaterThan(logLoss);
    expect(evaluation).toMatchObject({ n: 400, baseLogLoss: expect.closeTo(Math.LN2, 12) as unknown });
  });
});
