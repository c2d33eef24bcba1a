import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { chanceOfRate, chanceSays } from './chance-in-rates.ts';

describe('the variance of a rate by chance', () => {
  it.each([
    ['turns of one prompt', [[200, 0.3]]],
    [
      'prompts of few turns among others',
      [
        [180, 0.3],
        [8, 0.3],
        [8, 0.3],
        [8, 0.3],
      ],
    ],
    [
      'prompts that are loved and others that are not',
      [
        [40, 0.97],
        [40, 0.95],
        [40, 0.05],
        [40, 0.02],
      ],
    ],
  ] as const)('is what it comes to over many draws of %s', (_, prompts) => {
    const random = seededRandom(19);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, one) => sum + one, 0) / values.length;
    const draws = Array.from({ length: 4000 }, () =>
      prompts.map(([rated, share]) => {
        let loved = 0;
        for (let n = 0; n < rated; n++) loved += Number(random.chance(share));
        return { loved, rated };
      }),
    );
    const rates = draws.map((drawn) => mean(drawn.map(({ loved, rated }) => loved / rated)));
    const variance = mean(rates.map((rate) => (rate - mean(rates)) ** 2));
    const told = mean(draws.map(chanceOfRate));
    expect(told / variance).toBeGreaterThan(0.85);
    expect(told / variance).toBeLessThan(1.7);
  });

  it('is none of nothing where all or none were loved', () => {
    expect(chanceOfRate([{ loved: 30, rated: 30 }])).toBeGreaterThan(0);
    expect(chanceOfRate([{ loved: 0, rated: 30 }])).toBeCloseTo(chanceOfRate([{ loved: 30, rated: 30 }]), 12);
  });
});

describe('rates that lie apart', () => {
  const apart = (by: number) => [0, 1, 2, 3, 4].map((n) => ({ observed: 0.2 + by * n, chance: 0.001 }));

  it('are told to be noisy where chance explains a fifth of it, and to be chance alone where it explains all', () => {
    expect(chanceSays(apart(0.1))).toBe('');
    // The variance of five rates .04 apart is .004.
    expect(chanceSays(apart(0.04))).toContain('about 25 % of their variance');
    expect(chanceSays(apart(0.001))).toContain('about 100 %');
  });
});
