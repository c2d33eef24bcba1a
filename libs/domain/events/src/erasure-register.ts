import type { SessionId, TenantId } from '@heed/kernel';
import type { LogEntry } from './event-log.ts';

/** An erasure as the log has it. */
export interface AskedErasure extends Pick<LogEntry, 'tenant' | 'key' | 'receivedAtMs'> {
  readonly user: string;
  /**
   * Somebody asks now, and means all that is there by now, whatever a clock said when it was received. An erasure that is read from the log takes
   * what clocks dated that are a day ahead of its own at most: who came back later is another user.
   */
  readonly isAskedNow?: boolean;
}

/** What one erasure reaches. Named before anything is removed, because afterwards nobody could. */
export interface ErasureReach {
  /** Sessions in which the user had turns. */
  readonly sessions: readonly SessionId[];
  /** Fixes that rest on such a session. */
  readonly fixes: readonly string[];
}

export interface PendingErasure {
  /** The register's own name of it. */
  readonly id: string;
  readonly tenant: TenantId;
  /** It takes everything of the user that was received up to then. */
  readonly upToMs: number;
  readonly reach: ErasureReach | null;
  /** How often it was tried, and failed. */
  readonly tries: number;
}

/** Why an erasure could not be carried out, and from when on it is tried again. */
export interface ErasureFailure {
  readonly why: string;
  readonly againMs: number;
}

/** How far an erasure has come: pending, and failing where it was tried, until there is a result. */
export interface ErasureRecord extends Pick<PendingErasure, 'id' | 'upToMs' | 'tries'> {
  readonly failure: ErasureFailure | null;
  readonly result: ErasureResult | null;
}

/** By what an erasure finds its entries: see `LogEntry.sealedBy`. */
export interface ErasedSeals {
  /** Everything under these. */
  readonly destroyed: readonly string[];
  /** What stands under these and was received up to `upToMs`: what came into the log unsealed, or late. */
  readonly dated: readonly string[];
  readonly upToMs: number;
}

/** What an erasure came to. */
export interface ErasureResult {
  /** Events without content now. */
  readonly events: number;
  /** Sessions derived again. */
  readonly sessions: number;
  /** Labels that there are no more. */
  readonly labels: number;
  readonly fixesMarkedStale: readonly string[];
  readonly modelsMarkedStale: readonly string[];
}

/**
 * The erasures asked for, how far each has come, and the keys that they destroy. Every step is durable when it resolves and
 * harmless when repeated. Faults thrown: those of the store, `log-unavailable` among them.
 */
export interface ErasureRegister {
  /** Those not yet known are pending now, and their users' keys are destroyed. */
  note(erasures: readonly AskedErasure[]): Promise<void>;
  /**
   * Not carried out yet, so many at most: those that have failed least often first, and of these the oldest. Those whose time to be tried again
   * has come, where a time is given.
   */
  pending(atMost: number, nowMs?: number): Promise<readonly PendingErasure[]>;
  noteReach(erasure: PendingErasure, reach: ErasureReach): Promise<void>;
  /** Destroys the keys of these sessions, as far as they were in use when the erasure was asked for; once, however often it is said. */
  destroySessionKeys(erasure: PendingErasure, sessions: readonly SessionId[]): Promise<void>;
  /** What entries are sealed by that the erasure takes: the user's, and the sessions'. */
  seals(erasure: PendingErasure, sessions: readonly SessionId[]): Promise<ErasedSeals>;
  /** When the first event of its user was received, as their keys tell; null where there never was one. */
  firstReceivedMs(erasure: PendingErasure): Promise<number | null>;
  /** Those of these ids that there are, carried out or not. */
  byIds(tenant: TenantId, ids: readonly string[]): Promise<readonly PendingErasure[]>;
  finish(erasure: PendingErasure, result: ErasureResult): Promise<void>;
  /** It could not be carried out, once more. */
  noteFailure(erasure: PendingErasure, failure: ErasureFailure): Promise<void>;
  /** Null when there is no such erasure, or no more: its tenant was removed. */
  recordOf(erasure: Pick<AskedErasure, 'tenant' | 'key'>): Promise<ErasureRecord | null>;
  /** Of a tenant, those that are not carried out first, the newest first; so many at most. */
  list(tenant: TenantId, atMost: number): Promise<readonly ErasureRecord[]>;
  /** Runs the work where no other process carries out erasures; false, and nothing done, when one does. */
  alone(work: () => Promise<void>): Promise<boolean>;
}
