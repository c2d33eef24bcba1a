import { fixId, tenantId } from '@heed/kernel';
import { exampleProposal } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { bundleContentOf, bundleText } from './bundle-content.ts';
import { bundleEvaluator, type BundleEvaluator } from './decide-by-bundle.ts';
import type { Fix, FixStatus } from './fix.ts';

const tenant = tenantId('default');
const fix = (id: string, status: FixStatus, from: string, to: string): Fix => {
  const { evidence, ...rewrite } = exampleProposal(from, to);
  return { status, id: fixId(id), tenant, rewrite, evidence, stale: null, history: [] };
};
const evaluatorOf = (fixes: readonly Fix[], canaryShare?: number): BundleEvaluator =>
  bundleEvaluator(bundleContentOf(tenant, fixes, canaryShare), { sha256: 'hash', version: 1 });

describe('the content of a bundle', () => {
  const fixes = [
    fix('fix-3', 'live', 'b', 'c'),
    fix('fix-2', 'canary', 'b', 'd'),
    fix('fix-1', 'live', 'a', 'c'),
    fix('fix-4', 'proposed', 'e', 'c'),
    fix('fix-5', 'vetted', 'f', 'c'),
    fix('fix-6', 'retired', 'g', 'c'),
    fix('fix-7', 'blocked', 'h', 'c'),
  ];

  it('is what is live and in canary, in serving order', () => {
    expect(bundleContentOf(tenant, fixes).rewrites).toEqual([
      { state: 'a', text: 'c', fix: 'fix-1', share: 1 },
      { state: 'b', text: 'd', fix: 'fix-2', share: 0.05 },
      { state: 'b', text: 'c', fix: 'fix-3', share: 1 },
    ]);
  });

  it('is the same text whatever order the fixes come in', () => {
    const text = bundleText(bundleContentOf(tenant, fixes));
    expect(bundleText(bundleContentOf(tenant, [...fixes].reverse()))).toBe(text);
    expect(text).toMatch(/^\{"format":"heed.bundle.v1","tenant":"default","rewrites":\[\{"state":"a",/);
  });

  it.each([0, -1, 1.1, Number.NaN])('cannot give a canary a share of %d', (share) => {
    expect(() => bundleContentOf(tenant, fixes, share)).toThrow(RangeError);
  });
});

describe('a decision', () => {
  it('serves the rewrite of the normalised request', () => {
    const bundle = evaluatorOf([fix('fix-1', 'live', 'maj and dragons', 'Imagine Dragons')]);
    expect(bundle.decide({ text: '  Maj  and Dragons! ' })).toEqual({
      request: '  Maj  and Dragons! ',
      rewrite: 'Imagine Dragons',
      fix: 'fix-1',
      policies: {},
      bundle: 'hash',
    });
  });

  it('leaves a request that nothing is known about as it is', () => {
    const bundle = evaluatorOf([fix('fix-1', 'live', 'b', 'c')]);
    expect(bundle.decide({ text: 'z' })).toMatchObject({ rewrite: null, fix: null });
    expect(bundle.decide({ text: '' })).toMatchObject({ rewrite: null, fix: null });
  });

  it('goes by the interpretation when there is one, and not by the text then', () => {
    const bundle = evaluatorOf([
      fix('fix-1', 'live', 'play{song=x}', 'play y'),
      fix('fix-2', 'live', 'play x', 'z'),
    ]);
    expect(bundle.decide({ text: 'play x', interpretation: 'play{song=x}' }).fix).toBe('fix-1');
    expect(bundle.decide({ text: 'play x', interpretation: 'stop{}' }).fix).toBeNull();
    expect(bundle.decide({ text: 'play x' }).fix).toBe('fix-2');
  });

  it('rewrites once: the new text is not looked up in turn', () => {
    const bundle = evaluatorOf([fix('fix-1', 'live', 'a', 'b'), fix('fix-2', 'live', 'b', 'c')]);
    expect(bundle.decide({ text: 'a' }).rewrite).toBe('b');
  });

  it('is not fooled by requests that are named like properties of objects', () => {
    const bundle = evaluatorOf([]);
    expect(bundle.decide({ text: '__proto__' }).rewrite).toBeNull();
    expect(bundle.decide({ text: 'constructor' }).rewrite).toBeNull();
  });
});

describe('a canary', () => {
  const challenged = evaluatorOf([fix('fix-1', 'live', 'a', 'old'), fix('fix-2', 'canary', 'a', 'new')], 0.2);
  const served = (units: number): number =>
    Array.from({ length: units }, (_, unit) => challenged.decide({ text: 'a', unit: `user-${unit}` })).filter(
      ({ rewrite }) => rewrite === 'new',
    ).length;

  it('takes its share of units and leaves the others to the live fix', () => {
    expect(served(10_000) / 10_000).toBeCloseTo(0.2, 1);
  });

  it('is sticky: a unit is always on the same side', () => {
    expect(served(1000)).toBe(served(1000));
  });

  it('is not served where nobody could stick to it', () => {
    expect(challenged.decide({ text: 'a' }).rewrite).toBe('old');
    const alone = evaluatorOf([fix('fix-2', 'canary', 'a', 'new')], 0.999);
    expect(alone.decide({ text: 'a' }).rewrite).toBeNull();
  });

  it('is tried in turn with others of the same request, the smallest share first', () => {
    const rewrites = [
      { state: 'a', text: 'small', fix: 'fix-2', share: 0.1 },
      { state: 'a', text: 'large', fix: 'fix-3', share: 0.5 },
      { state: 'a', text: 'old', fix: 'fix-1', share: 1 },
    ];
    const content = { format: 'heed.bundle.v1', tenant: 'default', rewrites, policies: {} } as const;
    const both = bundleEvaluator(content, { sha256: 'hash', version: 1 });
    const texts = Array.from({ length: 10_000 }, (_, i) => both.decide({ text: 'a', unit: `u${i}` }).rewrite);
    const shareOf = (text: string): number => texts.filter((one) => one === text).length / texts.length;
    expect(shareOf('small')).toBeCloseTo(0.1, 1);
    expect(shareOf('large')).toBeCloseTo(0.45, 1);
    expect(shareOf('old')).toBeCloseTo(0.45, 1);
    expect(both.decide({ text: 'a' }).rewrite).toBe('old');
  });

  it('only ever gains units when its share grows', () => {
    const wider = evaluatorOf([fix('fix-2', 'canary', 'a', 'new')], 0.5);
    const narrow = evaluatorOf([fix('fix-2', 'canary', 'a', 'new')], 0.1);
    for (let unit = 0; unit < 1000; unit++) {
      const request = { text: 'a', unit: `user-${unit}` };
      if (narrow.decide(request).rewrite !== null) expect(wider.decide(request).rewrite).toBe('new');
    }
  });
});
