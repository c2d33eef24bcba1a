import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyChain, chainOf } from '@heed/testing';
import { transitionGraph } from './transition-graph.ts';
import { UNLABELLED_ENDS } from './unlabelled-ends.ts';

const ONE_STATE = chainOf(
  2,
  [[0, 1, 4]],
  [
    [0, 'successes', 3],
    [0, 'failures', 2],
    [0, 'unlabelled', 1],
  ],
);

describe('transitionGraph', () => {
  it.each([
    ['unlabelled', 10, 3],
    ['success', 10, 4],
    ['failure', 10, 3],
    ['drop', 9, 3],
  ] as const)('counts unlabelled ends as %s', (choice, visits, successes) => {
    const graph = transitionGraph(ONE_STATE, choice);
    expect([graph.visits[0], graph.successes[0], graph.endsWell[0]]).toEqual([
      visits,
      successes,
      successes / visits,
    ]);
    expect(graph.probabilities[0]).toBe(4 / visits);
  });

  it('leaves a state without visits without a way on', () => {
    const graph = transitionGraph(chainOf(2, [], [[0, 'unlabelled', 5]]), 'drop');
    expect([...graph.visits, ...graph.endsWell]).toEqual([0, 0, 0, 0]);
  });

  it('makes rows that sum to 1 with the ends', () => {
    fc.assert(
      fc.property(anyChain, fc.constantFrom(...UNLABELLED_ENDS), (counts, choice) => {
        const graph = transitionGraph(counts, choice);
        for (let i = 0; i < counts.states; i++) {
          const steps = graph.probabilities.slice(graph.rowStart[i], graph.rowStart[i + 1]);
          const n = graph.visits[i] ?? Number.NaN;
          const silent = choice === 'unlabelled' ? (counts.unlabelled[i] ?? 0) : 0;
          const failed = (counts.failures[i] ?? 0) + (choice === 'failure' ? (counts.unlabelled[i] ?? 0) : 0);
          const total =
            steps.reduce((sum, q) => sum + q, 0) + (graph.endsWell[i] ?? 0) + (failed + silent) / n;
          expect(total).toBeCloseTo(1, 12);
        }
      }),
      { seed: 41, numRuns: 200 },
    );
  });

  it('refuses steps that are not sorted', () => {
    const sorted = chainOf(
      2,
      [
        [0, 1, 1],
        [1, 0, 1],
      ],
      [],
    );
    expect(() => transitionGraph({ ...sorted, from: Uint32Array.of(1, 0) })).toThrow(
      /sorted by their first state/,
    );
  });
});
