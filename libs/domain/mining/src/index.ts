export type { ChainCounts } from './chain-counts.ts';
export type {
  ChainStore,
  MiningWindow,
  PairEvidence,
  ServedCounts,
  ServingFix,
  StatePair,
  StateText,
  WindowTotals,
} from './chain-store.ts';
export type { Candidate, StateRecord } from './candidate.ts';

export { findCandidates, type CandidateOptions } from './find-candidates.ts';
export { DEFAULT_GATES, type GateThresholds } from './gate-thresholds.ts';
export {
  judgeCandidates,
  type BlockedPair,
  type Judgement,
  type JudgementInput,
} from './judge-candidates.ts';
export { meaningSimilarity, SIMILARITY_VERSION } from './meaning-similarity.ts';
export {
  MINER_VERSION,
  mineTenant,
  type MiningProgress,
  type MiningReport,
  type MiningRequest,
} from './mine-tenant.ts';
export {
  GATE_NAMES,
  type Absorption,
  type GateName,
  type GateResult,
  type RewriteEvidence,
  type RewriteProposal,
} from './proposal.ts';
export { DEFAULT_PRECISION, type SolverPrecision } from './solve-rewrites.ts';
export { switchOff } from './switch-off.ts';
export { transitionGraph, type TransitionGraph } from './transition-graph.ts';
export { UNLABELLED_ENDS, type UnlabelledEnds } from './unlabelled-ends.ts';
