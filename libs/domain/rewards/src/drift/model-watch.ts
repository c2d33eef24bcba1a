import type { TenantId } from '@heed/kernel';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import type { Reading } from '../features/feature-reader.ts';
import type { WrittenModel } from '../training-run/reward-trainer.ts';
import type { DriftReport } from './drift.ts';
import type { RetractedTurn } from './taken-back.ts';

/** A whole week: people of a night, or of a Sunday, are held against all others. */
export const RECENT_DAYS = 7;

/** Port: as much of a log as tells whether models still hold. */
export interface WatchedLog {
  /** Who has any turns. */
  tenants(): Promise<readonly TenantId[]>;
  /**
   * Turns after a moment, milliseconds since 1970, of the last `RECENT_DAYS` that there are any of, at most so many; in time order. Where there are more, those of
   * sessions at random, the same at every look. Not answered ones are among them.
   */
  recent(tenant: TenantId, reading: Reading, sinceMs: number, most: number): Promise<readonly ObservedTurn[]>;
  /**
   * Turns of which a reaction was taken back by an event that was received after a moment, milliseconds since 1970, some at a time and each once. Turns of
   * which it was before may be among them.
   */
  retracted(tenant: TenantId, sinceMs: number): AsyncIterable<readonly RetractedTurn[]>;
}

/** Port: does the long work of reading and scoring turns beside whoever asks, who meanwhile stays free. */
export interface ModelWatch {
  /** Whether these turns are still such as the model was trained on. Rejects with the signal's reason once it is aborted. */
  drift(turns: readonly ObservedTurn[], model: WrittenModel, signal: AbortSignal): Promise<DriftReport>;
}
