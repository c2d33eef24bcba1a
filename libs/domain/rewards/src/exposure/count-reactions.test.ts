import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countReactions } from './count-reactions.ts';
import { DEFAULT_EXPOSURE } from './exposure-rules.ts';
import { observed, type Sketch } from './observed-turns.fixture.ts';

const HOUR_MS = 3_600_000;

/** The cap where each user gave so many reactions, an hour apart, and how many count. */
function capOf(
  sizes: readonly number[],
  userShare: number,
): { readonly most: number; readonly counted: number } {
  const sketches = sizes.flatMap((size, who) =>
    Array.from({ length: size }, (_, n): Sketch => ({
      atMs: n * HOUR_MS,
      user: `u-${String(who)}`,
      reactions: [['love', 0]],
    })),
  );
  const { reactions, capped } = countReactions(observed(sketches), { ...DEFAULT_EXPOSURE, userShare });
  return { most: capped.mostOfUser, counted: reactions };
}

const countedBy = (sizes: readonly number[], most: number): number =>
  sizes.reduce((sum, size) => sum + Math.min(size, most), 0);
const inTheMiddle = (sizes: readonly number[]): number =>
  sizes.toSorted((a, b) => a - b)[(sizes.length - 1) >> 1] ?? 0;

const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
const share = fc.double({ min: 0.01, max: 0.5, noNaN: true });

it('is the largest number that is a share of what counts by it, but as many as the user in the middle gave, and five', () => {
  fc.assert(
    fc.property(sizes, share, (own, userShare) => {
      const { most, counted } = capOf(own, userShare);
      expect(counted).toBe(countedBy(own, most));
      const least = Math.max(DEFAULT_EXPOSURE.userLeast, inTheMiddle(own));
      expect(most).toBeGreaterThanOrEqual(least);
      if (most > least) expect(most).toBeLessThanOrEqual(userShare * counted);
      for (let more = most + 1; more <= 61; more++)
        expect(more).toBeGreaterThan(Math.floor(userShare * countedBy(own, more)));
    }),
  );
});

it('is not moved by who sends the most and sends still more', () => {
  fc.assert(
    fc.property(sizes, share, fc.integer({ min: 1, max: 500 }), (own, userShare, more) => {
      const sorted = own.toSorted((a, b) => a - b);
      const [most = 0] = sorted.slice(-1);
      const before = capOf(sorted, userShare);
      fc.pre(before.most < most);
      expect(capOf([...sorted.slice(0, -1), most + more], userShare)).toEqual(before);
    }),
  );
});
