import type { EventId, SessionId, TurnId, UserId } from '@heed/kernel';
import type { ReadableTurn } from '../features/feature-reader.ts';

/** A reaction that stands: a retracted one is not among them. */
export interface ObservedReaction {
  readonly event: EventId;
  readonly kind: string;
  readonly atMs: number;
  /** Who reacted; the turn's own user where the reaction names nobody. */
  readonly user?: UserId;
}

/** A turn with the answer that is judged, and the reactions to that one. */
export interface ObservedTurn extends ReadableTurn {
  readonly turn: TurnId;
  readonly session: SessionId;
  readonly event: EventId;
  /** The time of its event, milliseconds since 1970: when it was asked, or when it was noted with its answer. */
  readonly atMs: number;
  readonly user?: UserId;
  readonly locale?: string;
  readonly surface?: string;
  /** The model that the answer says it is of: the policy, to whoever compares policies. No model of ours reads it. */
  readonly answeredBy?: string;
  /** To a reader of the aftermath whatever was stated of the turn by what outranks the rest: outcomes, ratings or reactions. */
  readonly reactions: readonly ObservedReaction[];
  /** Probability that it failed by the rules of sessions, without what was stated of it; where the aftermath is read. */
  readonly ruledDefect?: number;
  /** No model decides its outcome in place of the rules, since it asks for nothing; absent where one does. */
  readonly keptByRules?: true;
}
