import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from './bootstrap-interval.ts';

const normal = (random: { next(): number }): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

describe('bootstrapInterval', () => {
  it('covers a true mean about as often as it says', () => {
    const random = seededRandom(7);
    let covered = 0;
    for (let round = 0; round < 200; round++) {
      const values = Array.from({ length: 60 }, () => normal(random));
      const mean = (cases: Uint32Array): number =>
        cases.reduce((sum, at) => sum + (values[at] ?? 0), 0) / cases.length;
      const { low, high } = bootstrapInterval([...values.keys()], mean, random);
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered).toBeGreaterThan(178);
  });

  it('is wider where cases of one cluster say the same', () => {
    const values = Array.from({ length: 100 }, (_, at) => Math.floor(at / 10) % 2);
    const mean = (cases: Uint32Array): number =>
      cases.reduce((sum, at) => sum + (values[at] ?? 0), 0) / cases.length;
    const width = (clusters: readonly number[]): number => {
      const { low, high } = bootstrapInterval(clusters, mean, seededRandom(7));
      return high - low;
    };
    const alone = width([...values.keys()]);
    const together = width([...values.keys()].map((at) => Math.floor(at / 10)));
    expect(together).toBeGreaterThan(2 * alone);
  });

  it('is NaN where the figure never can be told', () => {
    expect(bootstrapInterval([1, 2], () => NaN, seededRandom(7))).toEqual({ low: NaN, high: NaN });
  });
});
