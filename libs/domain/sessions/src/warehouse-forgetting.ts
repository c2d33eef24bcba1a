import type { ErasedSeals, ErasureReach, LogEntry } from '@heed/events';
import type { SessionId, TenantId } from '@heed/kernel';
import type { ErasureTallies } from './erasure-tallies.ts';
import type { SessionStore } from './session-store.ts';

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

export type ProjectPiece = (piece: readonly LogEntry[], store: SessionStore) => Promise<void>;

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
  /** How many each of the sessions has, where it has any. */
  labels(tenant: TenantId, sessions: readonly SessionId[]): Promise<ReadonlyMap<SessionId, number>>;
  /**
   * Puts these sessions together anew. `project` is given what the log holds of them, as the warehouse has it and apart from what was refused at the
   * edge, in the log's order and in pieces of bounded size; and a store that knows of the sessions what was written through it and nothing else.
   * When it resolves what was there before is gone. What was filed since it began stays, whoever filed it.
   */
  rewrite(tenant: TenantId, sessions: readonly SessionId[], project: ProjectPiece): Promise<void>;
  /** Takes the bytes out of what was refused at the edge; what that was. */
  eraseLetters(
    tenant: TenantId,
    erasures: readonly ErasedSeals[],
  ): Promise<readonly Pick<LogEntry, 'sealedBy' | 'receivedAtMs' | 'position'>[]>;
}

/** An erasure by its id, and what it takes. */
export interface NamedErasure extends ErasedSeals {
  readonly id: string;
}

/** Takes out of the warehouse what erasures reach, so that it is as if it were built from the log anew. */
export interface WarehouseForgetting {
  reach: ForgettableRows['reach'];
  /** While nothing is projected. What each has come to is noted as it goes: a try that fails is made again with the same tallies. */
  forget(tenant: TenantId, erasures: readonly NamedErasure[], tallies: ErasureTallies): Promise<void>;
}
