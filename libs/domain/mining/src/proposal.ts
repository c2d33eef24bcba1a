import type { SessionId } from '@heed/kernel';

/** Names of the gates, in the order they are tried. */
export const GATE_NAMES = [
  'sessions',
  'users',
  'exploration',
  'similarity',
  'blockList',
  'lowerBound',
] as const;
export type GateName = (typeof GATE_NAMES)[number];

/** One gate's verdict: what was measured, what was asked, and by how much it passed (negative: failed). */
export interface GateResult {
  readonly gate: GateName;
  readonly measured: number;
  readonly threshold: number;
  readonly margin: number;
  readonly passed: boolean;
}

/** Figures of the absorbing chain behind a proposal, named as in the paper (Ponnusamy et al. 2019). */
export interface Absorption {
  /** Sessions at the source and at the target: n_i, n_j. */
  readonly n_i: number;
  readonly n_j: number;
  /** One-step probability source -> target. */
  readonly Q_ij: number;
  /** Expected visits to the target from the source: (I - Q)^-1 at (i, j). */
  readonly N_ij: number;
  /** Probability that a session at the target ends there well: R_j+. */
  readonly R_j: number;
  /** Probability that a session from the source ends well anywhere: B_i+. */
  readonly B: number;
  /** P(last state = target and success | start at source) = N_ij R_j+. */
  readonly winProbability: number;
  /** No figure of N_ij R_j+ or B is off by more than this. */
  readonly errorBound: number;
}

/** Everything a proposed rewrite rests on; enough to check it by hand, and to find what it leaned on when that is erased. */
export interface RewriteEvidence {
  readonly window: { readonly since: string | null; readonly until: string | null };
  readonly wins: number;
  readonly losses: number;
  readonly unlabelled: number;
  readonly users: number;
  readonly sessions: number;
  readonly sessionIds: readonly SessionId[];
  /** Lower 95 % bound of (success of target - success of source). */
  readonly lowerBound: number;
  readonly gates: readonly GateResult[];
  readonly absorption: Absorption;
  /** Versions of all that had a say: models, miner, normalisation. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A rewrite that passed every gate. States are the chain's names; texts are what users wrote. */
export interface RewriteProposal {
  readonly fromState: string;
  readonly toState: string;
  /** The source's most used wording. */
  readonly from: string;
  /** The target's most successful wording: the text to serve. */
  readonly to: string;
  readonly evidence: RewriteEvidence;
}
