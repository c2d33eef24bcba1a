import type { EventId, SessionId, TurnId, UserId } from '@heed/kernel';

/** What one session comes to once everything known of it is read together. Produced whole by `deriveSession`, never patched. */
export interface DerivedSession {
  readonly session: SessionId;
  readonly startedAtMs: number;
  /** Time of the last event that counts for the session's length: a turn, or something said about one while it was open. */
  readonly endedAtMs: number;
  /** UTC day of `endedAtMs`, `YYYY-MM-DD`: the day whose counts the session belongs to. */
  readonly day: string;
  /** The first user named by any event; absent when none was. */
  readonly user?: UserId;
  /** In time order; ties by event id. */
  readonly turns: readonly DerivedTurn[];
  readonly chain: Chain;
  /** Events that name a turn this session does not have (yet). They are accounted for as `unknown-turn`. */
  readonly orphans: readonly Orphan[];
  /** Events that became part of the session: accepted ones less the orphans. */
  readonly storedEvents: number;
  /** Version of each model that spoke, e.g. `{ reformulation: 'reformulation-rules-1', ... }`. */
  readonly models: SessionModelVersions;
}

export interface SessionModelVersions {
  readonly reformulation: string;
  readonly followUp: string;
  readonly outcome: string;
}

export interface DerivedTurn {
  readonly turn: TurnId;
  readonly event: EventId;
  readonly atMs: number;
  readonly user?: UserId;
  readonly request: string;
  /** `intent{slot=value,...}` with slots in name order, when the app sent an interpretation. */
  readonly interpretation?: string;
  readonly response?: string;
  readonly responseModel?: string;
  /** The fix that made the served request, when the app used one. */
  readonly servedFix?: string;
  readonly servedText?: string;
  readonly latencyMs?: number;
  readonly locale?: string;
  readonly surface?: string;
  /** The chain's name for the request; see `stateOf`. */
  readonly state: string;
  readonly reformulation: Reformulation;
  /** What the next turn is to this one; absent on the last turn. */
  readonly followUp?: FollowUp;
  readonly outcome: TurnOutcome;
  readonly signals: readonly Signal[];
}

export const REFORMULATION_KINDS = ['repeat', 'rephrase', 'correct', 'narrow', 'broaden', 'none'] as const;
export type ReformulationKind = (typeof REFORMULATION_KINDS)[number];

/** How this request says an earlier one again. `probability` is that of the kind given, under the named model. */
export interface Reformulation {
  readonly kind: ReformulationKind;
  /** The turn it repairs; absent exactly when the kind is `none`. */
  readonly repairs?: TurnId;
  readonly probability: number;
}

export const FOLLOW_UP_KINDS = [
  'continues',
  'elaborates',
  'clarifies',
  'complains',
  'corrects',
  'thanks',
  'closes',
  'changes-topic',
] as const;
export type FollowUpKind = (typeof FOLLOW_UP_KINDS)[number];

export interface FollowUp {
  readonly kind: FollowUpKind;
  readonly probability: number;
}

export const TURN_OUTCOMES = ['success', 'defect', 'unlabelled'] as const;
export type TurnOutcomeKind = (typeof TURN_OUTCOMES)[number];

export interface TurnOutcome {
  readonly kind: TurnOutcomeKind;
  /** Probability that the turn served its user, under the outcome model; 1 or 0 when an outcome event settled it. */
  readonly probability: number;
  /** What decided, most telling first: `outcome`, `rating`, `reaction`, `reformulated`, `complained`, ... or `silence`. */
  readonly decidedBy: string;
}

/** One thing somebody or something did about a turn. Kinds are counted apart, never summed. */
export interface Signal {
  readonly event: EventId;
  /** `reaction.love`, `behaviour.copied`, `rating.helpfulness`, `check.lint`, `outcome.success`, ... */
  readonly kind: string;
  readonly atMs: number;
  readonly user?: UserId;
  /** Where the signal has a size: a rating scaled to 0..1, milliseconds dwelled, a check's value. */
  readonly value?: number;
}

/** The session as the absorbing Markov chain reads it: exact repeats collapsed, one absorbing end. */
export interface Chain {
  readonly steps: readonly ChainStep[];
  readonly end: ChainEnd;
  /** The user went from topic to topic rather than struggling with one: three or more unrelated topics in a row. */
  readonly explored: boolean;
}

export interface ChainStep {
  readonly state: string;
  /** The request as the user wrote it, trimmed. */
  readonly wording: string;
  readonly turn: TurnId;
  /** The user dealt with the answer before moving on: clicked, dwelled, copied, liked. Tells exploring from struggling. */
  readonly engaged: boolean;
}

export const CHAIN_ENDS = ['success', 'failure', 'unlabelled'] as const;
export type ChainEnd = (typeof CHAIN_ENDS)[number];

export interface Orphan {
  readonly event: EventId;
  readonly eventType: string;
  readonly turn: TurnId;
  readonly atMs: number;
  readonly position: number;
}
