import { describe, expect, it } from 'vitest';
import { fnv1a64, placeInUnitInterval } from './hash-text.ts';

describe('fnv1a64', () => {
  // Values from the authors' test suite, http://www.isthe.com/chongo/src/fnv/test_fnv.c
  it.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['foobar', '85944171f73967e8'],
  ])('of %j is %s', (text, hash) => {
    expect(fnv1a64(text)).toBe(hash);
  });
});

describe('placeInUnitInterval', () => {
  it('spreads neighbouring texts evenly: chi-square over 100 bins of 100 000 units stays below its 99.9 % point', () => {
    const bins = new Array<number>(100).fill(0);
    for (let unit = 0; unit < 100_000; unit++) {
      const bin = Math.floor(placeInUnitInterval(`fix-0123456789abcdef\nuser-${unit}`) * 100);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(148.2);
  });

  it('places a unit independently from fix to fix', () => {
    let both = 0;
    for (let unit = 0; unit < 100_000; unit++) {
      const [a, b] = [placeInUnitInterval(`fix-a\nu${unit}`), placeInUnitInterval(`fix-b\nu${unit}`)];
      if (a < 0.1 && b < 0.1) both++;
    }
    expect(both).toBeGreaterThan(850);
    expect(both).toBeLessThan(1150);
  });
});
