import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { chanceOfRate, chanceSays } from './chance-in-rates.ts';

describe('the variance of a rate by chance', () => {
  it.each([
    ['turns of one prompt', [200]],
    ['prompts of few turns among others', [180, 5, 5, 5, 5]],
  ])('is what it comes to over many draws of %s', (_, sizes) => {
    const random = seededRandom(19);
    const rates = Array.from({ length: 4000 }, () => {
      const shares = sizes.map((size) => {
        let loved = 0;
        for (let n = 0; n < size; n++) loved += Number(random.chance(0.3));
        return loved / size;
      });
      return shares.reduce((sum, share) => sum + share, 0) / sizes.length;
    });
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
    expect(chanceOfRate(0.3, sizes) / variance).toBeGreaterThan(0.9);
    expect(chanceOfRate(0.3, sizes) / variance).toBeLessThan(1.15);
  });

  it('is none of nothing where all or none were loved', () => {
    expect(chanceOfRate(1, [30])).toBeGreaterThan(0);
    expect(chanceOfRate(0, [30])).toBe(chanceOfRate(1, [30]));
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
