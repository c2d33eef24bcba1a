import type { DeadLetterReason, LogPosition } from '@heed/events';
import type { SessionId, TenantId } from '@heed/kernel';
import type { DerivedSession } from './derived-session.ts';

/** An event as the log holds it, filed under its session so that the session can be derived again. */
export interface FiledEvent {
  readonly tenant: TenantId;
  readonly session: SessionId;
  readonly eventId: string;
  readonly position: LogPosition;
  readonly receivedAtMs: number;
  readonly body: string;
}

/** What the store already holds of a session. */
export interface KnownSession {
  readonly tenant: TenantId;
  readonly session: SessionId;
  /** Day under which the stored derivation is counted. */
  readonly day: string;
  readonly events: readonly FiledEvent[];
}

export interface SessionKey {
  readonly tenant: TenantId;
  readonly session: SessionId;
}

/** An entry of the log that is no part of any session. */
export interface DeadLetterRow {
  readonly tenant: TenantId;
  /** The log entry's key: stable, what `heed dead-letters ID` takes. */
  readonly key: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly remedy: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly session: string;
  readonly receivedAtMs: number;
  readonly position: LogPosition;
  readonly body: string;
}

/** That an event took the place of a dead letter, or of an orphan, as the log tells it. */
export interface RedriveRow {
  readonly tenant: TenantId;
  /** The dead letter's key; an orphan's is its event's id. */
  readonly letter: string;
  /** Of the event that took its place. */
  readonly eventId: string;
  readonly receivedAtMs: number;
  readonly position: LogPosition;
}

/** Everything one batch of the log changes. Applying it twice is the same as applying it once. */
export interface SessionChanges {
  readonly filed: readonly FiledEvent[];
  readonly derived: readonly {
    readonly tenant: TenantId;
    /** Position of the session's newest event: the row with the highest version is the session. */
    readonly version: LogPosition;
    readonly session: DerivedSession;
    /** Where the replaced derivation was counted, when there was one. */
    readonly previousDay?: string;
  }[];
  readonly deadLetters: readonly DeadLetterRow[];
  /** None when absent. */
  readonly redrives?: readonly RedriveRow[];
}

/** The projector's view of the warehouse. */
export interface SessionStore {
  /** Those of the sessions that the store has; unknown ones are left out. Events come in position order, each id once. */
  known(keys: readonly SessionKey[]): Promise<readonly KnownSession[]>;
  /** Writes it all; when it resolves every reader sees it, and each touched day is marked for recounting. */
  apply(changes: SessionChanges): Promise<void>;
}
