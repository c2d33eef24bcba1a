import { sessionId } from '@heed/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from './candidate.ts';
import type { PairEvidence, StateText } from './chain-store.ts';
import { DEFAULT_GATES, type GateThresholds } from './gate-thresholds.ts';
import { judgeCandidates } from './judge-candidates.ts';

const texts: readonly StateText[] = ['play maj and dragons', 'play imagine dragons'].map((state, id) => ({
  id: BigInt(id),
  state,
  bestWording: state,
  commonWording: state,
}));

const absorption = { n_i: 0, n_j: 0, Q_ij: 0, N_ij: 0, R_j: 0, B: 0, winProbability: 0, errorBound: 0 };

const record = fc
  .record({ visits: fc.integer({ min: 1, max: 60 }), share: fc.integer({ min: 0, max: 4 }) })
  .map(({ visits, share }) => ({ visits, successes: Math.floor((visits * share) / 4) }));

const candidate: fc.Arbitrary<Candidate> = fc
  .record({ source: record, target: record })
  .map((records) => ({ from: 0n, to: 1n, ...records, absorption }));

const evidence: fc.Arbitrary<PairEvidence> = fc
  .record({
    wins: fc.nat(10),
    losses: fc.nat(10),
    unlabelled: fc.nat(10),
    users: fc.nat(10),
    explored: fc.nat(10),
  })
  .map((counts) => ({ from: 0n, to: 1n, sessionIds: [sessionId('s')], ...counts }));

const gates: fc.Arbitrary<GateThresholds> = fc.record({
  sessions: fc.nat(30),
  users: fc.nat(10),
  exploration: fc.integer({ min: 0, max: 10 }).map((k) => k / 10),
  similarity: fc.integer({ min: 0, max: 10 }).map((k) => k / 10),
  lowerBound: fc.integer({ min: -10, max: 5 }).map((k) => k / 10),
});

const judge = (one: Candidate, found: PairEvidence, thresholds: GateThresholds) =>
  judgeCandidates({
    candidates: [one],
    evidence: [found],
    texts,
    gates: thresholds,
    blocked: [],
    window: {},
    versions: {},
  });

describe('judgeCandidates', () => {
  it('proposes under looser gates whatever it proposes under tighter ones', () => {
    fc.assert(
      fc.property(candidate, evidence, gates, gates, (one, found, a, b) => {
        const looser: GateThresholds = {
          sessions: Math.min(a.sessions, b.sessions),
          users: Math.min(a.users, b.users),
          exploration: Math.max(a.exploration, b.exploration),
          similarity: Math.min(a.similarity, b.similarity),
          lowerBound: Math.min(a.lowerBound, b.lowerBound),
        };
        if (judge(one, found, a).proposals.length > 0)
          expect(judge(one, found, looser).proposals).toHaveLength(1);
      }),
      { seed: 21, numRuns: 300 },
    );
  });

  it('either proposes a candidate or counts it under one gate', () => {
    fc.assert(
      fc.property(candidate, evidence, gates, (one, found, thresholds) => {
        const { proposals, rejected } = judge(one, found, thresholds);
        const counted = Object.values(rejected).reduce((total, count) => total + count, 0);
        expect(proposals.length + counted).toBe(1);
      }),
      { seed: 22, numRuns: 300 },
    );
  });

  it('records a measure, a threshold and a margin that fit each other for every gate passed', () => {
    fc.assert(
      fc.property(candidate, evidence, gates, (one, found, thresholds) => {
        for (const { evidence: kept } of judge(one, found, thresholds).proposals) {
          expect(kept.gates.every(({ passed, margin }) => passed && margin >= 0)).toBe(true);
          expect(kept.lowerBound).toBeGreaterThan(thresholds.lowerBound);
          for (const { gate, measured, threshold, margin } of kept.gates) {
            const upwards = gate !== 'exploration' && gate !== 'blockList';
            expect(margin).toBeCloseTo(upwards ? measured - threshold : threshold - measured, 12);
          }
        }
      }),
      { seed: 23, numRuns: 300 },
    );
  });

  it('judges a candidate without evidence as having none', () => {
    const one: Candidate = {
      from: 0n,
      to: 1n,
      source: { visits: 9, successes: 0 },
      target: { visits: 9, successes: 9 },
      absorption,
    };
    const { rejected } = judgeCandidates({
      candidates: [one],
      evidence: [],
      texts: [],
      gates: DEFAULT_GATES,
      blocked: [],
      window: {},
      versions: {},
    });
    expect(rejected).toEqual({ sessions: 1 });
  });
});
