import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyChain, chainOf, denseSolution, slowRing } from '@heed/testing';
import { solveRewrites, type Rewrites, type SolverPrecision } from './solve-rewrites.ts';
import { transitionGraph } from './transition-graph.ts';
import type { ChainCounts } from './chain-counts.ts';

const EXACT: SolverPrecision = { coarsest: 1e-13, finest: 1e-13, steps: 0 };

function solve(counts: ChainCounts, precision?: SolverPrecision): Rewrites {
  const all = new Uint8Array(counts.states).fill(1);
  return solveRewrites(transitionGraph(counts), { sources: all, targets: all }, counts.stateIds, precision);
}

/** What the dense inverse says of the same question. */
function truth(counts: ChainCounts): {
  best: readonly number[];
  wins: readonly (readonly number[])[];
  endsWell: readonly number[];
} {
  const { wins, endsWell } = denseSolution(counts);
  const best = wins.map((row, i) => Math.max(0, ...row.filter((_, j) => j !== i)));
  return { best, wins, endsWell };
}

describe('solveRewrites', () => {
  it('gives the figures of the dense inverse to 1e-9 on any chain, cyclic or in pieces', () => {
    fc.assert(
      fc.property(anyChain, (counts) => {
        const solved = solve(counts, EXACT);
        const { best, wins, endsWell } = truth(counts);
        for (let i = 0; i < counts.states; i++) {
          const target = solved.target[i] ?? -1;
          expect(solved.winProbability[i]).toBeCloseTo(best[i] ?? 0, 9);
          expect(solved.winProbability[i]).toBeCloseTo(target < 0 ? 0 : (wins[i]?.[target] ?? Number.NaN), 9);
          expect(solved.endsWell[i]).toBeCloseTo(endsWell[i] ?? Number.NaN, 9);
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('is as exact without being asked when the chain is small', () => {
    fc.assert(
      fc.property(anyChain, (counts) => {
        const solved = solve(counts);
        truth(counts).best.forEach((best, i) => expect(solved.winProbability[i]).toBeCloseTo(best, 9));
        expect(Math.max(...solved.errorBound)).toBeLessThan(1e-9);
      }),
      { seed: 12, numRuns: 100 },
    );
  });

  it.each([0.3, 0.03, 0.003])('stays within its stated bound at a residual of %d', (coarsest) => {
    fc.assert(
      fc.property(anyChain, (counts) => {
        const solved = solve(counts, { coarsest, finest: coarsest, steps: 0 });
        const { best, wins, endsWell } = truth(counts);
        for (let i = 0; i < counts.states; i++) {
          const [target, bound] = [solved.target[i] ?? -1, (solved.errorBound[i] ?? Number.NaN) + 1e-12];
          const [win, well] = [solved.winProbability[i] ?? Number.NaN, solved.endsWell[i] ?? Number.NaN];
          const shortfall = (target < 0 ? 0 : (wins[i]?.[target] ?? Number.NaN)) - win;
          expect(shortfall).toBeGreaterThan(-1e-12);
          expect(shortfall).toBeLessThanOrEqual(bound);
          expect((endsWell[i] ?? Number.NaN) - well).toBeLessThanOrEqual(bound);
          expect((best[i] ?? Number.NaN) - win).toBeLessThanOrEqual(
            (coarsest / 0.9) * Math.log2(1 + visitsBound(counts)) + 1e-12,
          );
        }
      }),
      { seed: 13, numRuns: 150 },
    );
  });

  it.each([
    [2, 0.999],
    [10, 0.999],
    [3, 0.99999],
  ])('converges on a cycle of %d states that is left with a chance of 1 - %d a step', (length, stay) => {
    const counts = slowRing(length, stay);
    const solved = solve(counts, { coarsest: 1e-12, finest: 1e-12, steps: 0 });
    const { best, endsWell } = truth(counts);
    best.forEach((win, i) => expect(solved.winProbability[i]).toBeCloseTo(win, 7));
    endsWell.forEach((well, i) => expect(solved.endsWell[i]).toBeCloseTo(well, 7));
  });

  it('bounds the error on a slow cycle by little more than the residual', () => {
    const solved = solve(slowRing(4, 0.9999), { coarsest: 1e-4, finest: 1e-4, steps: 0 });
    expect(Math.max(...solved.errorBound)).toBeLessThan(1e-4 * 18);
  });

  it('follows a session of fifty thousand requests that never comes back', () => {
    const length = 50_000;
    const line = chainOf(
      length,
      Array.from({ length: length - 1 }, (_, k) => [k, k + 1, 1] as const),
      [[length - 1, 'successes', 1]],
    );
    const solved = solve(line);
    expect(solved.target[0]).toBe(length - 1);
    expect(solved.winProbability[0]).toBeCloseTo(1, 12);
  });

  it('does not care in what order states come', () => {
    fc.assert(
      fc.property(anyChain, fc.infiniteStream(fc.nat()), (counts, keys) => {
        const order = Array.from({ length: counts.states }, (_, state) => ({
          state,
          key: keys.next().value as number,
        }));
        order.sort((a, b) => a.key - b.key || a.state - b.state);
        const placeOf = new Map(order.map(({ state }, place) => [state, place]));
        const place = (state: number): number => placeOf.get(state) ?? Number.NaN;
        const moved = chainOf(
          counts.states,
          Array.from(
            counts.from,
            (from, k) => [place(from), place(counts.to[k] ?? -1), counts.steps[k] ?? 0] as const,
          ),
          (['successes', 'failures', 'unlabelled'] as const).flatMap((end) =>
            Array.from(counts[end], (times, state) => [place(state), end, times] as const),
          ),
          order.map(({ state }) => counts.stateIds[state] ?? 0n),
        );
        const [here, there] = [solve(counts, EXACT), solve(moved, EXACT)];
        for (let i = 0; i < counts.states; i++) {
          const target = here.target[i] ?? -1;
          expect(there.target[place(i)]).toBe(target < 0 ? -1 : place(target));
          expect(there.winProbability[place(i)]).toBeCloseTo(here.winProbability[i] ?? Number.NaN, 11);
        }
      }),
      { seed: 14, numRuns: 150 },
    );
  });

  it('rewrites no state that is no source, and to none that is no target', () => {
    fc.assert(
      fc.property(anyChain, fc.nat(), (counts, pick) => {
        const barred = pick % counts.states;
        const allowed = new Uint8Array(counts.states).fill(1);
        allowed[barred] = 0;
        const solved = solveRewrites(
          transitionGraph(counts),
          { sources: allowed, targets: allowed },
          counts.stateIds,
        );
        expect(solved.target[barred]).toBe(-1);
        expect(solved.target).not.toContain(barred);
      }),
      { seed: 15, numRuns: 100 },
    );
  });
});

/** Longest expected session of the chain, by the dense inverse. */
function visitsBound(counts: ChainCounts): number {
  return Math.max(...denseSolution(counts).visits) / 0.9;
}
