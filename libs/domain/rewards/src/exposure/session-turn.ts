import type { EventId, TurnId, UserId } from '@heed/kernel';

/** A turn as sessions are derived: what was asked, answered, and done about it by whatever signals. */
export interface SessionTurn {
  readonly turn: TurnId;
  readonly event: EventId;
  readonly atMs: number;
  readonly user?: UserId;
  readonly request: string;
  readonly response?: string;
  /** What the last response said that it is of. */
  readonly responseModel?: string;
  readonly latencyMs?: number;
  readonly locale?: string;
  readonly surface?: string;
  /** Those that stand; their kinds are `reaction.love`, `behaviour.copied`, ... */
  readonly signals: readonly {
    readonly event: EventId;
    readonly kind: string;
    readonly atMs: number;
    readonly user?: UserId;
    readonly value?: number;
  }[];
  /** As it was derived: whether it served its user, and what decided. */
  readonly outcome?: { readonly kind: 'success' | 'defect' | 'unlabelled'; readonly decidedBy: string };
  /** Probability that it failed by the rules of sessions, without what was stated of it. */
  readonly ruledDefect?: number;
  /** No model decides its outcome in place of the rules, since it asks for nothing; absent where one does. */
  readonly keptByRules?: true;
}
