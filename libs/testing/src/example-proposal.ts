import { sessionId } from '@heed/kernel';
import type { RewriteEvidence, RewriteProposal } from '@heed/mining';

/** Evidence in its full shape, with figures of the test vector in docs/mining.md (A > B). */
export function exampleEvidence(): RewriteEvidence {
  return {
    window: { since: '2026-03-01', until: null },
    wins: 6,
    losses: 1,
    unlabelled: 0,
    users: 7,
    sessions: 12,
    sessionIds: [sessionId('s-1'), sessionId('s-2')],
    lowerBound: 0.25,
    gates: [{ gate: 'sessions', measured: 12, threshold: 5, margin: 7, passed: true }],
    absorption: {
      n_i: 12,
      n_j: 22,
      Q_ij: 0.5,
      N_ij: 0.65625,
      R_j: 0.954545,
      B: 0.62642,
      winProbability: 0.62642,
      errorBound: 1e-12,
    },
    versions: { miner: 'absorbing-chain-1' },
  };
}

/** A proposal between two requests, each its own state. */
export function exampleProposal(from: string, to: string): RewriteProposal {
  return { fromState: from, toState: to, from, to, evidence: exampleEvidence() };
}
