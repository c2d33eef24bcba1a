import { seededRandom } from '@heed/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { againstRules } from './against-rules.ts';
import { balancedAccuracy, bestThreshold } from './decisions.ts';

const cases = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 8 }), label: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 2,
    maxLength: 30,
  })
  .filter((some) => new Set(some.map(({ label }) => label)).size === 2)
  .map((some) => ({
    scores: Float64Array.from(some, ({ score }) => score / 8),
    labels: Uint8Array.from(some, ({ label }) => label),
  }));

describe('a decision by a threshold', () => {
  it('is half right by chance, and right of either class alike', () => {
    const labels = Uint8Array.of(1, 1, 1, 1, 0);
    expect(balancedAccuracy({ scores: Float64Array.of(1, 1, 1, 1, 1), labels }, 0.5)).toBe(0.5);
    expect(balancedAccuracy({ scores: Float64Array.of(1, 1, 1, 0, 0), labels }, 0.5)).toBe(0.875);
  });

  it('is at its best where no other score does better', () => {
    fc.assert(
      fc.property(cases, (own) => {
        const best = balancedAccuracy(own, bestThreshold(own));
        for (const other of own.scores)
          expect(best).toBeGreaterThanOrEqual(balancedAccuracy(own, other) - 1e-12);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('a model beside the rules', () => {
  const random = seededRandom(3);
  const count = 400;
  const labels = Uint8Array.from({ length: count }, () => Number(random.chance(0.3)));
  const knowing = Float64Array.from(labels, (label) => 0.2 + 0.5 * label + 0.3 * random.next());
  const guessing = Float64Array.from({ length: count }, () => random.next());
  const clusters = Uint32Array.from({ length: count }, (_, at) => at % 80);

  it('beats them where it knows and they guess, and never the other way round', () => {
    const wins = againstRules({ probabilities: knowing, ruled: guessing, labels, clusters }, 0.6, 1);
    expect(wins).toMatchObject({ beatsRules: true, n: count, threshold: 0.6, auroc: { model: 1 } });
    expect(wins.auroc.interval.low).toBeGreaterThan(0.3);
    const loses = againstRules({ probabilities: guessing, ruled: knowing, labels, clusters }, 0.5, 1);
    expect(loses.beatsRules).toBe(false);
    expect(loses.says).toContain('must be above');
    expect(loses.auroc.difference).toBe(
      -againstRules({ probabilities: knowing, ruled: guessing, labels, clusters }, 0.6, 1).auroc.difference,
    );
  });

  it('does not beat what says the same', () => {
    const equal = againstRules({ probabilities: guessing, ruled: guessing, labels, clusters }, 0.5, 1);
    expect(equal).toMatchObject({
      beatsRules: false,
      auroc: { difference: 0, interval: { low: 0, high: 0 } },
    });
  });

  it('beats nothing by a single class', () => {
    const one = againstRules(
      { probabilities: knowing, ruled: guessing, labels: new Uint8Array(count), clusters },
      0.6,
      1,
    );
    expect(one.beatsRules).toBe(false);
  });
});
