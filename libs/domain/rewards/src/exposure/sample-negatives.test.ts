import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import type { Example } from './draw-examples.ts';
import { observed } from './observed-turns.fixture.ts';
import { sampleNegatives } from './sample-negatives.ts';

function examplesOf(positives: number, negatives: number): readonly Example[] {
  const turns = observed(Array.from({ length: positives + negatives }, (_, n) => ({ atMs: n })));
  return turns.map((turn, n) => ({ turn, label: n < positives ? 1 : 0, reactions: [] }));
}

const logit = (share: number): number => Math.log(share / (1 - share));

describe('sampleNegatives', () => {
  it('brings positives up to a tenth and says what that did to the logits', () => {
    const { examples, negatives, ofNegatives, correction } = sampleNegatives(
      examplesOf(20, 1980),
      seededRandom(7),
    );
    expect([examples.length, negatives, ofNegatives]).toEqual([200, 180, 1980]);
    expect(examples.filter(({ label }) => label === 1)).toHaveLength(20);
    expect(correction).toBeCloseTo(logit(20 / 2000) - logit(0.1), 12);
  });

  it('takes each negative about as often, and keeps the order', () => {
    const all = examplesOf(10, 990);
    const times = new Map<string, number>();
    for (let seed = 0; seed < 400; seed++) {
      const { examples } = sampleNegatives(all, seededRandom(seed));
      expect(examples).toEqual(examples.toSorted((a, b) => a.turn.atMs - b.turn.atMs));
      for (const { turn, label } of examples)
        if (label === 0) times.set(turn.turn, (times.get(turn.turn) ?? 0) + 1);
    }
    // 400 draws of 90 of 990: 36.4 each, deviation 5.8.
    expect(Math.max(...times.values())).toBeLessThan(36.4 + 5 * 5.8);
    expect(Math.min(...times.values())).toBeGreaterThan(36.4 - 5 * 5.8);
  });

  it('leaves alone what has a tenth anyway', () => {
    const all = examplesOf(30, 70);
    expect(sampleNegatives(all, seededRandom(7))).toEqual({
      examples: all,
      negatives: 70,
      ofNegatives: 70,
      correction: 0,
    });
  });
});
