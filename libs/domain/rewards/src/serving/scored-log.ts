import type { TenantId } from '@heed/kernel';
import type { ReadableTurn, Reading } from '../features/feature-reader.ts';

/** UTC days of session ends, YYYY-MM-DD: from `since` on, before `until`. */
export interface LogWindow {
  readonly since?: string;
  readonly until?: string;
}

/** A session, or one part of a long one, as it stands. */
export interface SessionToScore {
  readonly session: string;
  /** Tells whether what was said in it, and where the aftermath is read what was done, is still the same. */
  readonly said: string;
  /** What was known when each turn was answered, with the answer it has by now, and where the aftermath is read what came after; null for those that have none. */
  readonly turns: readonly (ReadableTurn | null)[];
}

export interface ScoredSession extends Pick<SessionToScore, 'session' | 'said'> {
  /** Of each turn the calibrated probability and what it was calibrated from; null for those without an answer. */
  readonly scores: readonly (TurnScored | null)[];
}

export interface TurnScored {
  readonly probability: number;
  readonly logit: number;
}

/** Sessions that were looked at, and those of them that the model has not scored as they stand. */
export interface LogPiece {
  readonly sessions: number;
  readonly unscored: readonly SessionToScore[];
}

/** How a model scored the turns of a window, as they stand: `turns` = `scored` + `leftOut` + `waiting`. */
export interface LogScores extends ScoredShare {
  /** Turns without an answer. */
  readonly leftOut: number;
  /** Turns of sessions that the model has not scored as they stand. */
  readonly waiting: number;
  readonly byDay: readonly (ScoredShare & { readonly day: string })[];
  /** By what answered: the application's model and the fix that was served, '' for neither; those with the most turns. */
  readonly byPolicy: readonly {
    readonly responseModel: string;
    readonly servedFix: string;
    readonly scored: number;
    readonly meanScore: number;
  }[];
}

export interface ScoredShare {
  readonly turns: number;
  readonly scored: number;
  /** Of the scored turns; null where there are none. */
  readonly meanScore: number | null;
}

/**
 * Port: what models said of a tenant's turns. Kept by the session as it stood: scores of a session in which something else is said by now, or of a
 * model that reads it was done, count no more, and go with the session when it is removed.
 */
export interface ScoredLog {
  /** How many sessions `read` will look at. */
  size(tenant: TenantId, window: LogWindow): Promise<number>;
  /** Every session of the window once, some at a time. @param reading what the model reads */
  read(tenant: TenantId, model: string, window: LogWindow, reading: Reading): AsyncIterable<LogPiece>;
  /** In place of what the model said of these sessions before. May be repeated. */
  keep(tenant: TenantId, model: string, sessions: readonly ScoredSession[]): Promise<void>;
  scores(tenant: TenantId, model: string, window: LogWindow): Promise<LogScores>;
}
