import { seededRandom, userId } from '@heed/kernel';
import { loveTurns } from '../training-run/love-turns.fixture.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divergenceOf } from './divergence.ts';
import { driftOf } from './drift.ts';
import { independentTurns } from './independent-turns.ts';
import { tallyOf } from './kind-tally.ts';
import { binned, binnedQuantile, binsOf, quantileEdges } from './quantile-bins.ts';

const seeds = Array.from({ length: 300 }, (_, n) => n);

function numbers(count: number, seed: number, shift = 0): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, () => random.next() + random.next() + shift);
}
/** Everybody has one turn. */
const apart = { training: 1000, now: 300 };
const plainly = (before: readonly number[], now: readonly number[]) => {
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  return divergenceOf(before, now, {
    draws: { before: total(before), now: total(now) },
    passedBy: 0.001,
  });
};
const same = <T>(value: T): T[] => new Array<T>(300).fill(value);

describe('divergenceOf', () => {
  it('is the formula, but for the half case in each bin', () => {
    const { stability, jensenShannon } = plainly([500_000, 500_000], [750_000, 250_000]);
    expect(stability).toBeCloseTo(0.25 * Math.log(1.5) - 0.25 * Math.log(0.5), 5);
    const bits = (p: number, q: number): number => p * Math.log2(p / q);
    expect(jensenShannon).toBeCloseTo(
      (bits(0.5, 0.625) + bits(0.5, 0.375) + bits(0.75, 0.625) + bits(0.25, 0.375)) / 2,
      12,
    );
    expect(plainly([9, 0], [0, 4]).jensenShannon).toBe(1);
    expect(plainly([7, 0], [3, 0])).toEqual({
      stability: 0,
      beyondChance: 0,
      chanceAtMost: 0,
      jensenShannon: 0,
    });
    expect(() => plainly([1], [1, 2])).toThrow(RangeError);
    expect(() => plainly([1, 2], [0, 0])).toThrow(RangeError);
  });

  it('knows what two draws of one population have', () => {
    const found = seeds.map((seed) => {
      const [a, b] = [numbers(300, 2 * seed), numbers(500, 2 * seed + 1)];
      const edges = [0.4, 0.7, 1, 1.3, 1.6];
      return plainly(binned(a, edges), binned(b, edges));
    });
    const mean = found.reduce((sum, { stability }) => sum + stability, 0) / found.length;
    // Six bins, five degrees of freedom.
    expect(mean / (5 * (1 / 300 + 1 / 500))).toBeGreaterThan(0.85);
    expect(mean / (5 * (1 / 300 + 1 / 500))).toBeLessThan(1.15);
    expect(found.filter(({ stability, chanceAtMost }) => stability > chanceAtMost).length).toBeLessThan(4);
  });
});

describe('driftOf', () => {
  it('does not cry wolf over two draws of one population, however small', () => {
    for (const seed of seeds) {
      const training = binsOf(numbers(150, 2 * seed));
      const now = numbers(100, 2 * seed + 1);
      expect(driftOf([{ name: 'score', training, now }], { training: 150, now: 100 }).verdict).toBe('fresh');
    }
  });

  it('says what has moved, and by how much, the most first', () => {
    const report = driftOf(
      [
        { name: 'score', training: binsOf(numbers(1000, 1)), now: numbers(300, 2) },
        { name: 'length', training: binsOf(numbers(1000, 3)), now: numbers(300, 4, 0.6) },
        { name: 'pause', training: binsOf(numbers(1000, 3)), now: numbers(20, 4, 5) },
      ],
      apart,
    );
    expect(report).toMatchObject({ verdict: 'stale', tooFew: ['pause'] });
    expect(report.rows.map(({ name, isStale }) => [name, isStale])).toEqual([
      ['length', true],
      ['score', false],
    ]);
    expect(report.says).toMatch(
      /\(0\.25 is much\) of length \(\d\.\d\d\): train it again\. Too few turns to tell \(under 100 then or now\): pause\.$/,
    );
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('does not cry wolf over many turns of few users, and knows that it cannot tell by them', () => {
    const locales = ['de', 'en', 'es', 'fr', 'it'];
    const turnsOf = (users: number, each: number, seed: number) => {
      const random = seededRandom(seed);
      const of = Array.from({ length: users }, () => random.pick(locales));
      return of.flatMap((locale) => new Array<string>(each).fill(locale));
    };
    const told = (users: number, each: number) =>
      seeds.map((seed) => {
        const training = tallyOf(turnsOf(200, 5, 2 * seed));
        const nowKinds = turnsOf(users, each, 2 * seed + 1);
        return driftOf([{ name: 'locale', training, nowKinds }], { training: 200, now: users }).verdict;
      });
    expect(new Set(told(10, 100))).toEqual(new Set(['cannot be told']));
    expect(told(150, 10).filter((verdict) => verdict === 'stale')).toEqual([]);
  });

  it('says that there is too little', () => {
    expect(
      driftOf([{ name: 'score', training: binsOf([1]), now: [] }], { training: 1, now: 0 }),
    ).toMatchObject({
      ...{ verdict: 'cannot be told', rows: [], tooFew: ['score'] },
    });
  });

  it('sees a number that never differed move either way, and categories that are new', () => {
    const training = binsOf(same(5));
    for (const to of [4, 6])
      expect(driftOf([{ name: 'n', training, now: same(to) }], apart).verdict).toBe('stale');
    expect(driftOf([{ name: 'n', training, now: same(5) }], apart).verdict).toBe('fresh');
    const web = tallyOf(same('web'));
    expect(
      driftOf([{ name: 'surface', training: web, nowKinds: same('phone') }], apart).rows[0]?.jensenShannon,
    ).toBe(1);
    expect(driftOf([{ name: 'surface', training: web, nowKinds: same('web') }], apart).verdict).toBe('fresh');
  });

  it('takes no rounding error for a move, though numbers come often', () => {
    const scores = Array.from({ length: 900 }, (_, n) => [-1.25, 0.3, 2.75][n % 3] ?? 0);
    const written = scores.map((score, n) => Math.fround(score) + (n % 2 === 0 ? 1e-6 : -1e-6));
    expect(
      driftOf([{ name: 'score', training: binsOf(scores), now: written }], { training: 900, now: 900 })
        .rows[0]?.stability,
    ).toBe(0);
  });
});

describe('independent turns', () => {
  it('are all where everybody has one, as many as there are users where all have as many, and fewer where one has most', () => {
    const own = loveTurns(600, { users: 1 });
    const of = (users: readonly string[]): number =>
      independentTurns(
        users.flatMap((user, n) => own.slice(n, n + 1).map((turn) => ({ ...turn, user: userId(user) }))),
      );
    expect(of(['a', 'b', 'c'])).toBeCloseTo(3);
    expect(of(['a', 'b', 'a', 'b'])).toBeCloseTo(2);
    expect(of(['a', 'a', 'a', 'b'])).toBeCloseTo(1.6);
    expect(independentTurns([])).toBe(0);
    // Sessions of nobody are as many.
    expect(
      independentTurns(own.flatMap(({ user, ...turn }) => (user === undefined ? [] : turn))),
    ).toBeCloseTo(600);
  });
});

describe('bins', () => {
  it('hold a tenth each where no number comes twice', () => {
    const training = numbers(1000, 5);
    // Below the least and above the greatest there is none.
    expect(binsOf(training).counts).toEqual([0, ...new Array<number>(10).fill(100), 0]);
  });

  it('have rising edges, take every number once, and none of those they were made of at the ends', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (own) => {
        const { edges, counts } = binsOf(own);
        expect(edges).toEqual([...edges].sort((a, b) => a - b));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(own.length);
        expect([counts[0], counts.at(-1)]).toEqual([0, 0]);
        const median = binnedQuantile({ edges, counts }, 0.5);
        expect(median).toBeGreaterThanOrEqual(edges[0] ?? Infinity);
        expect(median).toBeLessThanOrEqual(edges.at(-1) ?? -Infinity);
      }),
    );
    expect(() => quantileEdges([])).toThrow(RangeError);
  });
});

describe('a tally', () => {
  it('counts the most frequent kinds apart and the others together', () => {
    const kinds = Array.from({ length: 30 }, (_, n) =>
      new Array<string>(30 - n).fill(`k${String(n)}`),
    ).flat();
    const { kinds: named, others } = tallyOf(kinds);
    expect(named).toHaveLength(20);
    expect(named[0]).toEqual({ kind: 'k0', turns: 30 });
    expect(named.reduce((sum, { turns }) => sum + turns, others)).toBe(kinds.length);
  });
});
