import type { LogPosition } from '@heed/events';
import type { SessionId, TenantId } from '@heed/kernel';
import type { ForgettableRows } from './warehouse-forgetting.ts';

/** A session that has an entry of before some moment. */
export interface AgedSession {
  readonly session: SessionId;
  /** When the newest of its entries was received. */
  readonly newestMs: number;
  /** How many places in the log it has: of its entries, each as often as it is there. */
  readonly entries: number;
}

export type SessionPositions = ReadonlyMap<SessionId, readonly LogPosition[]>;

/**
 * The rows of a warehouse that retention takes. To be used while nothing is projected; what is left to be done is found again by the same
 * questions. Positions are every place in the log that something has.
 */
export interface ExpirableRows extends Pick<ForgettableRows, 'rewrite'> {
  /** When the newest of the tenant's entries was received, null without any. */
  newestReceivedMs(tenant: TenantId): Promise<number | null>;
  /** The UTC days on which any was, their beginnings, ascending. */
  receivedDaysMs(tenant: TenantId): Promise<readonly number[]>;
  /** The next sessions after one, by name, that have an entry received before the moment. */
  sessionsBefore(
    tenant: TenantId,
    beforeMs: number,
    after: string,
    limit: number,
  ): Promise<readonly AgedSession[]>;
  /** When each entry of these sessions was received. */
  receivedMs(
    tenant: TenantId,
    sessions: readonly SessionId[],
  ): Promise<ReadonlyMap<SessionId, readonly number[]>>;
  positionsOf(tenant: TenantId, sessions: readonly SessionId[]): Promise<SessionPositions>;
  /**
   * All that there is of these sessions up to the last of the positions, their entries last: whoever is cut off finds the sessions again by them.
   * What was filed since stays.
   */
  removeSessions(tenant: TenantId, positions: SessionPositions): Promise<void>;
  /**
   * Some dead letters that were refused at the edge, and Heed's notes about what is gone, received before the moment; none when there are no
   * more. Removing them is the second step.
   */
  lettersBefore(tenant: TenantId, beforeMs: number, limit: number): Promise<ExpirableLetters>;
  removeLetters(tenant: TenantId, letters: ExpirableLetters): Promise<void>;
  /** Counts these places in the log as expired: the log keeps them. */
  noteExpired(tenant: TenantId, positions: readonly LogPosition[]): Promise<void>;
}

export interface ExpirableLetters {
  /** Keys of dead letters. */
  readonly letters: readonly string[];
  readonly notes: readonly { readonly letter: string; readonly eventId: string }[];
  readonly positions: readonly LogPosition[];
}
