/**
 * How long an orphan, an event whose turn is not there, waits before it counts as the dead letter `unknown-turn`. They decide only how it
 * is shown and counted: `deriveSession` knows nothing of them, and the turn, however late, finds it.
 */
export interface OrphanBounds {
  /**
   * Milliseconds from when it was received, by the tenant's own time: when the newest entry of its log was received. No clock is
   * read, so that the same log gives the same answer whenever it is asked; where nothing comes any more, nothing becomes late.
   */
  readonly waitMs: number;
  /** Of one session only so many wait, the first of the log; those behind them do not. */
  readonly perSession: number;
}

export const DEFAULT_ORPHAN_BOUNDS: OrphanBounds = { waitMs: 24 * 3_600_000, perSession: 1000 };
