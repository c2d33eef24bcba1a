import { normaliseText } from '@heed/kernel';
import { betaDifferenceCdf, betaDifferenceQuantile } from '@heed/statistics';
import type { Candidate } from './candidate.ts';
import type { MiningWindow, PairEvidence, StatePair, StateText } from './chain-store.ts';
import type { GateThresholds } from './gate-thresholds.ts';
import { meaningSimilarity } from './meaning-similarity.ts';
import type { GateName, GateResult, RewriteProposal } from './proposal.ts';
import { successPosterior } from './success-posterior.ts';

/** Error probability of the one-sided lower bound. */
const ONE_SIDED = 0.05;

/** A rewrite that is not to be proposed again, by the chain's names. */
export interface BlockedPair {
  readonly fromState: string;
  readonly toState: string;
}

export interface JudgementInput {
  readonly candidates: readonly Candidate[];
  /** A candidate without evidence is judged as having none. */
  readonly evidence: readonly PairEvidence[];
  /** Texts of all states whose candidates pass the gates on evidence; see `passesOnEvidence`. */
  readonly texts: readonly StateText[];
  readonly gates: GateThresholds;
  readonly blocked: readonly BlockedPair[];
  readonly window: MiningWindow;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Judgement {
  /** In order of the sessions behind them, most first; ties by source state. */
  readonly proposals: readonly RewriteProposal[];
  /** How many candidates failed each gate first. `sameWording`: nothing to rewrite, two states that users word alike. */
  readonly rejected: Readonly<Partial<Record<GateName | 'sameWording', number>>>;
}

/**
 * Puts every candidate before the gates in the order of `GATE_NAMES`, the cheap ones first, and stops at the first it fails. A
 * proposal records every gate's measure, threshold and margin.
 */
export function judgeCandidates(input: JudgementInput): Judgement {
  const evidence = new Map(input.evidence.map((pair) => [pairKey(pair), pair]));
  const texts = new Map(input.texts.map((text) => [text.id, text]));
  const blocked = new Set(
    input.blocked.map(({ fromState, toState }) => JSON.stringify([fromState, toState])),
  );
  const proposals: RewriteProposal[] = [];
  const rejected: Partial<Record<GateName | 'sameWording', number>> = {};
  for (const candidate of input.candidates) {
    const found = evidence.get(pairKey(candidate)) ?? noEvidence(candidate);
    const verdict = judge(candidate, found, texts, blocked, input);
    if (typeof verdict === 'string') rejected[verdict] = (rejected[verdict] ?? 0) + 1;
    else proposals.push(verdict);
  }
  proposals.sort((a, b) => b.evidence.sessions - a.evidence.sessions || (a.fromState < b.fromState ? -1 : 1));
  return { proposals, rejected };
}

/** Whether a pair passes the gates that need no text, so that texts are fetched only for those that do. */
export function passesOnEvidence(evidence: PairEvidence, gates: GateThresholds): boolean {
  return evidenceGates(evidence, gates).every(({ passed }) => passed);
}

function judge(
  candidate: Candidate,
  evidence: PairEvidence,
  texts: ReadonlyMap<bigint, StateText>,
  blocked: ReadonlySet<string>,
  { gates, window, versions }: JudgementInput,
): RewriteProposal | GateName | 'sameWording' {
  const results: GateResult[] = [...evidenceGates(evidence, gates)];
  const failed = results.find(({ passed }) => !passed);
  if (failed !== undefined) return failed.gate;
  const [source, target] = [textOf(texts, candidate.from), textOf(texts, candidate.to)];
  const [from, to] = [source.commonWording, target.bestWording];
  if (normaliseText(from) === normaliseText(to)) return 'sameWording';
  const similarity = atLeast('similarity', meaningSimilarity(from, to), gates.similarity);
  if (!similarity.passed) return 'similarity';
  const onList = atMost('blockList', blocked.has(JSON.stringify([source.state, target.state])) ? 1 : 0, 0);
  if (!onList.passed) return 'blockList';
  const lowerBound = lowerBoundGate(candidate, gates.lowerBound);
  if (lowerBound === null) return 'lowerBound';
  return {
    fromState: source.state,
    toState: target.state,
    from,
    to,
    evidence: {
      window: { since: window.since ?? null, until: window.until ?? null },
      wins: evidence.wins,
      losses: evidence.losses,
      unlabelled: evidence.unlabelled,
      users: evidence.users,
      sessions: sessionsOf(evidence),
      sessionIds: evidence.sessionIds,
      lowerBound: lowerBound.measured,
      gates: [...results, similarity, onList, lowerBound],
      absorption: candidate.absorption,
      versions,
    },
  };
}

function evidenceGates(evidence: PairEvidence, gates: GateThresholds): readonly GateResult[] {
  const sessions = sessionsOf(evidence);
  return [
    atLeast('sessions', sessions, gates.sessions),
    atLeast('users', evidence.users, gates.users),
    atMost('exploration', sessions === 0 ? 0 : evidence.explored / sessions, gates.exploration),
  ];
}

/** The bound itself costs several evaluations of the distribution; whether it exceeds the threshold costs one. */
function lowerBoundGate({ source, target }: Candidate, threshold: number): GateResult | null {
  const [before, after] = [source, target].map(({ successes, visits }) =>
    successPosterior(successes, visits),
  );
  if (before === undefined || after === undefined) return null;
  if (betaDifferenceCdf(threshold, after, before) >= ONE_SIDED) return null;
  const measured = betaDifferenceQuantile(ONE_SIDED, after, before);
  return { gate: 'lowerBound', measured, threshold, margin: measured - threshold, passed: true };
}

function atLeast(gate: GateName, measured: number, threshold: number): GateResult {
  return { gate, measured, threshold, margin: measured - threshold, passed: measured >= threshold };
}

function atMost(gate: GateName, measured: number, threshold: number): GateResult {
  return { gate, measured, threshold, margin: threshold - measured, passed: measured <= threshold };
}

function textOf(texts: ReadonlyMap<bigint, StateText>, state: bigint): StateText {
  const text = texts.get(state);
  if (text === undefined)
    throw new RangeError(
      `no text was given for state ${state}, whose candidate passed the gates on evidence`,
    );
  return text;
}

function sessionsOf({ wins, losses, unlabelled }: PairEvidence): number {
  return wins + losses + unlabelled;
}

function pairKey({ from, to }: StatePair): string {
  return `${from}>${to}`;
}

function noEvidence({ from, to }: StatePair): PairEvidence {
  return { from, to, wins: 0, losses: 0, unlabelled: 0, users: 0, explored: 0, sessionIds: [] };
}
