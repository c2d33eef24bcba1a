import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BundleRewrite } from './bundle.ts';
import { NOWHERE, rewriteTable } from './rewrite-table.ts';

const rewrite = (state: string, n: number): BundleRewrite => ({
  state,
  text: `text ${n}`,
  fix: `fix-${n}`,
  share: 1,
});

describe('the table of rewrites', () => {
  it('finds what a Map finds, whatever the states are, and the first of each state', () => {
    const state = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(state), fc.array(state), fc.integer(), (states, others, low) => {
        const rewrites = states.map(rewrite);
        const map = new Map([...rewrites].reverse().map((one) => [one.state, one]));
        const table = rewriteTable(rewrites, { low, high: 1 });
        for (const asked of [...states, ...others]) {
          const slot = table.find(asked);
          const found = slot === NOWHERE ? undefined : [table.textAt(slot), table.fixAt(slot)];
          const expected = map.get(asked);
          expect(found).toEqual(expected && [expected.text, expected.fix]);
        }
      }),
    );
  });

  it('has room for states that all begin alike', () => {
    const rewrites = Array.from({ length: 50_000 }, (_, n) => rewrite(`play number ${n} in the kitchen`, n));
    const table = rewriteTable(rewrites, { low: 1, high: 2 });
    for (const { state, fix } of rewrites) expect(table.fixAt(table.find(state))).toBe(fix);
    expect(table.find('play number 50000 in the kitchen')).toBe(NOWHERE);
  });

  it('is empty without rewrites', () => {
    expect(rewriteTable([], { low: 0, high: 0 }).find('')).toBe(NOWHERE);
  });
});
