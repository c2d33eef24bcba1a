import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meaningSimilarity, SIMILARITY_FLOOR } from './meaning-similarity.ts';

describe('meaningSimilarity', () => {
  it.each([
    ['play maj and dragons', 'play imagine dragons'],
    ['wether in paris', 'weather in paris'],
    ['weather paris', 'what is the weather in paris'],
    ['dragons imagine play', 'play imagine dragons'],
    ['you tube', 'youtube'],
    ['turn of the lights', 'Turn off the light!'],
    ['schedule meating with bob', 'schedule a meeting with bob'],
  ])('of "%s" and "%s" is well above the floor', (a, b) => {
    expect(meaningSimilarity(a, b)).toBeGreaterThan(SIMILARITY_FLOOR + 0.1);
  });

  it.each([
    ['weather in paris', 'play jazz'],
    ['yahoo chat', 'md foods proteins'],
    ['set an alarm for six', 'directions to the nearest gas station'],
    ['news', 'call mum'],
  ])('of "%s" and "%s" is well below the floor', (a, b) => {
    expect(meaningSimilarity(a, b)).toBeLessThan(SIMILARITY_FLOOR - 0.1);
  });

  it('is 1 for texts that are written alike, symmetric, and never leaves 0 to 1', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const similarity = meaningSimilarity(a, b);
        expect(meaningSimilarity(a, a)).toBeCloseTo(1, 12);
        expect(similarity).toBe(meaningSimilarity(b, a));
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1 + 1e-12);
      }),
      { seed: 31, numRuns: 300 },
    );
  });
});
