import fc from 'fast-check';
import { expect, test } from 'vitest';
import { observed } from '../exposure/observed-turns.fixture.ts';
import { splitByTime } from './split-by-time.ts';

test('every later part is strictly later, no session is in two, and every example is somewhere or counted', () => {
  const times = fc.array(fc.tuple(fc.nat(60), fc.nat(25)), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(times, (rows) => {
      const turns = observed(
        rows
          .toSorted(([a], [b]) => a - b)
          .map(([atMs, session]) => ({ atMs, session: `s-${String(session)}` })),
      );
      const examples = turns.map((turn) => ({ turn, label: 0 as const, reactions: [] }));
      const { fit, tune, test: held, straddling } = splitByTime(examples);
      const parts = [fit, tune, held].filter((part) => part.length > 0);
      for (const [n, part] of parts.entries()) {
        const before = parts.slice(0, n).flat();
        const last = Math.max(-1, ...before.map(({ turn }) => turn.atMs));
        expect(part.every(({ turn }) => turn.atMs > last)).toBe(true);
        const sessions = new Set(before.map(({ turn }) => turn.session));
        expect(part.some(({ turn }) => sessions.has(turn.session))).toBe(false);
      }
      expect(fit.length + tune.length + held.length + straddling).toBe(examples.length);
    }),
    { seed: 7 },
  );
});
