import type { ErasedSeals, ErasureReach, ErasureResult, LogEntry } from '@heed/events';
import type { SessionId, TenantId } from '@heed/kernel';
import type { SessionChanges } from './session-store.ts';

/** A rewrite by the states it leads from and to. */
export interface RestingFix {
  readonly fix: string;
  readonly fromState: string;
  readonly toState: string;
}

/** A session with something of an erasure's, and the bytes of the bodies that are there of all of it. */
export interface ForgettableSession {
  readonly session: SessionId;
  readonly bytes: number;
}

/**
 * The rows of a warehouse that erasures take, any number at once. To be used while nothing is projected; each step may be repeated, and whoever is cut off
 * between two finds by the same seals what is left to be done.
 */
export interface ForgettableRows {
  /** Of each erasure the sessions in which those behind its seals had turns, and the fixes that rest on such a session. */
  reach(
    tenant: TenantId,
    erasures: readonly ErasedSeals[],
    fixes: readonly RestingFix[],
  ): Promise<readonly ErasureReach[]>;
  /** Every session with an event under any of the seals, erased already or not. */
  sessionsUnder(tenant: TenantId, erasures: readonly ErasedSeals[]): Promise<readonly ForgettableSession[]>;
  /** All that the log holds of these sessions, as the warehouse has it: in the log's order, apart from what was refused at the edge. */
  entriesOf(tenant: TenantId, sessions: readonly SessionId[]): Promise<readonly LogEntry[]>;
  /** How many each of the sessions has, where it has any. */
  labels(tenant: TenantId, sessions: readonly SessionId[]): Promise<ReadonlyMap<SessionId, number>>;
  /** Puts these changes in the place of all that there is of the sessions; what was there is gone from the tables when it resolves. */
  replaceSessions(
    tenant: TenantId,
    sessions: readonly SessionId[],
    changes: readonly SessionChanges[],
  ): Promise<void>;
  /** Takes the bytes out of what was refused at the edge; what that was. */
  eraseLetters(
    tenant: TenantId,
    erasures: readonly ErasedSeals[],
  ): Promise<readonly Pick<LogEntry, 'sealedBy' | 'receivedAtMs'>[]>;
}

type Forgotten = Pick<ErasureResult, 'events' | 'sessions' | 'labels'>;

/** Takes out of the warehouse what erasures reach, so that it is as if it were built from the log anew. */
export interface WarehouseForgetting {
  reach: ForgettableRows['reach'];
  /** While nothing is projected. What each came to; what two of them take is told of the first. */
  forget(tenant: TenantId, erasures: readonly ErasedSeals[]): Promise<readonly Forgotten[]>;
}
