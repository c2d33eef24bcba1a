import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { foresightOf, type PastPolicy } from './foresight.ts';

function policies(count: number, observed: (n: number) => number): readonly PastPolicy[] {
  return Array.from({ length: count }, (_, n) => ({
    policy: `p-${String(n)}`,
    predicted: Float64Array.of(n / 100, (n + 2) / 100),
    observed: observed(n),
  }));
}

describe('foresightOf', () => {
  it('has the published interval of .95 over ten policies', () => {
    // x is 0 to 9 about its mean, y = .95 x / |x| + sqrt(1 - .95^2) z / |z| with z orthogonal to x and to a constant.
    const x = Array.from({ length: 10 }, (_, n) => n - 4.5);
    const z = x.map((value) => value ** 2 - 8.25);
    const size = (of: readonly number[]): number => Math.hypot(...of);
    const report = foresightOf(
      policies(
        10,
        (n) => (0.95 * (x[n] ?? 0)) / size(x) + (Math.sqrt(1 - 0.95 ** 2) * (z[n] ?? 0)) / size(z),
      ),
    );
    expect(report.correlation).toBeCloseTo(0.95, 10);
    expect(report.interval?.low).toBeCloseTo(0.797, 3);
    expect(report.interval?.high).toBeCloseTo(0.988, 3);
    expect(report.says).toContain('0.80 to 0.99, over 10 policies. 10 policies are few');
    expect(report.policies[3]).toMatchObject({ policy: 'p-3', predicted: 0.04 });
  });

  it('says nothing of four, and warns no more at eleven', () => {
    const four = foresightOf(policies(4, (n) => n));
    expect(four).not.toHaveProperty('correlation');
    expect(four.says).toContain('4 past policies are too few');
    expect(foresightOf(policies(11, (n) => n)).says).not.toContain('few');
  });

  it.each([1, -1])('gives no interval where all lie on one line: %i', (slope) => {
    const report = foresightOf(policies(5, (n) => 0.5 + slope * n * 0.07));
    expect(report.correlation).toBeCloseTo(slope, 12);
    expect(report).not.toHaveProperty('interval');
    expect(report.says).toContain('exactly on one line');
  });

  it('has no number where nothing differs, and is the same through JSON', () => {
    const flat = foresightOf(policies(10, () => 0.1));
    expect(flat).not.toHaveProperty('correlation');
    for (const report of [flat, foresightOf(policies(8, (n) => 7 - n))])
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(() => foresightOf([{ policy: 'p', predicted: new Float64Array(), observed: 0 }])).toThrow(
      RangeError,
    );
  });

  it('says when what was predicted to be loved more was loved less', () => {
    const report = foresightOf(policies(12, (n) => 0.9 - 0.05 * n + (n % 2) * 0.02));
    expect(report.interval?.high).toBeLessThan(0);
    expect(report.says).toMatch(/^Policies that were predicted to be loved more were loved less: /);
  });

  it('does not see foresight in noise much more often than one time in twenty', () => {
    const random = seededRandom(4);
    let seen = 0;
    for (let n = 0; n < 1000; n++)
      if ((foresightOf(policies(12, () => random.next())).interval?.low ?? 0) > 0) seen++;
    // One side of 95 %: 25 expected.
    expect(seen).toBeLessThan(50);
  });
});
