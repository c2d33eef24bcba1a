import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { FeatureReader } from '../features/feature-reader.ts';
import { divergenceOf } from './divergence.ts';
import { driftOf } from './drift.ts';
import { binned, quantileEdges } from './quantile-bins.ts';
import { unseenShares } from './unseen-grams.ts';

const seeds = Array.from({ length: 300 }, (_, n) => n);

function numbers(count: number, seed: number, shift = 0): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, () => random.next() + random.next() + shift);
}

describe('divergenceOf', () => {
  it('is the formula, but for the half case in each bin', () => {
    const { stability, jensenShannon } = divergenceOf([500_000, 500_000], [750_000, 250_000]);
    expect(stability).toBeCloseTo(0.25 * Math.log(1.5) - 0.25 * Math.log(0.5), 5);
    const bits = (p: number, q: number): number => p * Math.log2(p / q);
    expect(jensenShannon).toBeCloseTo(
      (bits(0.5, 0.625) + bits(0.5, 0.375) + bits(0.75, 0.625) + bits(0.25, 0.375)) / 2,
      12,
    );
    expect(divergenceOf([9, 0], [0, 4]).jensenShannon).toBe(1);
    expect(divergenceOf([7, 0], [3, 0])).toEqual({
      stability: 0,
      beyondChance: 0,
      chanceAtMost: 0,
      jensenShannon: 0,
    });
    expect(() => divergenceOf([1], [1, 2])).toThrow(RangeError);
    expect(() => divergenceOf([1, 2], [0, 0])).toThrow(RangeError);
  });

  it('knows what two draws of one population have', () => {
    const found = seeds.map((seed) => {
      const [a, b] = [numbers(300, 2 * seed), numbers(500, 2 * seed + 1)];
      const edges = [0.4, 0.7, 1, 1.3, 1.6];
      return divergenceOf(binned(a, edges), binned(b, edges));
    });
    const mean = found.reduce((sum, { stability }) => sum + stability, 0) / found.length;
    // No number falls into the bin for exactly the first edge's own value: six bins, five degrees of freedom.
    expect(mean / (5 * (1 / 300 + 1 / 500))).toBeGreaterThan(0.85);
    expect(mean / (5 * (1 / 300 + 1 / 500))).toBeLessThan(1.15);
    expect(found.filter(({ stability, chanceAtMost }) => stability > chanceAtMost).length).toBeLessThan(4);
  });
});

describe('driftOf', () => {
  it('does not cry wolf over two draws of one population, however small', () => {
    for (const seed of seeds)
      expect(
        driftOf([{ name: 'score', training: numbers(1000, 2 * seed), now: numbers(200, 2 * seed + 1) }])
          .verdict,
      ).toBe('fresh');
  });

  it('says what has moved, and by how much', () => {
    const report = driftOf([
      { name: 'score', training: numbers(1000, 1), now: numbers(300, 2) },
      { name: 'length', training: numbers(1000, 3), now: numbers(300, 4, 0.6) },
      { name: 'pause', training: numbers(1000, 3), now: numbers(20, 4, 5) },
    ]);
    expect(report).toMatchObject({ verdict: 'stale', tooFew: ['pause'] });
    expect(report.rows.map(({ name, isStale }) => [name, isStale])).toEqual([
      ['score', false],
      ['length', true],
    ]);
    expect(report.says).toMatch(
      /^The model is stale, train it anew: .* of length \(\d\.\d\d\)\. Too few to tell \(under 200 then or now\): pause\.$/,
    );
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('says that there is too little', () => {
    expect(driftOf([{ name: 'score', training: [1], now: [] }])).toMatchObject({
      verdict: 'too few to tell',
      rows: [],
    });
  });

  it('sees a number that never differed move either way, and categories that are new', () => {
    const same = new Array<number>(300).fill(5);
    for (const to of [4, 6])
      expect(driftOf([{ name: 'n', training: same, now: new Array<number>(300).fill(to) }]).verdict).toBe(
        'stale',
      );
    expect(driftOf([{ name: 'n', training: same, now: same }]).verdict).toBe('fresh');
    const [old, new_] = [new Array<string>(300).fill('web'), new Array<string>(300).fill('phone')];
    expect(driftOf([{ name: 'surface', trainingKinds: old, nowKinds: new_ }]).rows[0]?.jensenShannon).toBe(1);
    expect(driftOf([{ name: 'surface', trainingKinds: old, nowKinds: old }]).verdict).toBe('fresh');
  });
});

describe('quantileEdges and binned', () => {
  it('give every training number a bin, a tenth to each where none comes twice', () => {
    const training = numbers(1001, 5);
    const counts = binned(training, quantileEdges(training));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1001);
    // Below the least and above the greatest there is none; the least is a bin of its own.
    expect(counts).toEqual([0, 1, ...new Array<number>(10).fill(100), 0]);
  });
});

describe('unseenShares', () => {
  it('is none of what was seen, all of what shares nothing', () => {
    const reader = new FeatureReader('answer');
    const read = (request: string, response: string) =>
      reader.read([{ context: [{ role: 'user', text: request }], response }]);
    const seen = read('play jazz', 'here it is');
    expect([...unseenShares(seen, seen)]).toEqual([0]);
    expect(unseenShares(seen, read('buy bonds', 'no way'))[0]).toBeGreaterThan(0.9);
    expect([...unseenShares(seen, reader.read([{ context: [], response: '' }]))]).toEqual([0]);
  });
});
