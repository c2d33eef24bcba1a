import type { DeadLetterReason, LogPosition } from '@heed/events';
import type { SessionId, TenantId } from '@heed/kernel';
import type { DerivedSession } from './derived-session.ts';
import type { Place } from './session-parts.ts';

/** An event as the log holds it, filed under its session so that the session can be derived again. */
export interface FiledEvent {
  readonly tenant: TenantId;
  /** Of a session in several parts the part's name; see `partKey`. So it is wherever the store says session. */
  readonly session: SessionId;
  readonly eventId: string;
  readonly position: LogPosition;
  readonly receivedAtMs: number;
  /** '' when it was erased. */
  readonly body: string;
  /** Such as `turn`; absent where nothing tells it any more. */
  readonly eventName?: string;
  /** See `LogEntry`. */
  readonly sealedBy?: string;
  /** See `SessionEvent`. */
  readonly apart?: true;
}

/** What the store already holds of a session. */
export interface KnownSession {
  readonly tenant: TenantId;
  readonly session: SessionId;
  /** Day under which the stored derivation is counted. */
  readonly day: string;
  readonly events: readonly FiledEvent[];
  /** There is more to it than this part; see `SessionStore.known`. */
  readonly continued?: true;
}

export interface SessionKey {
  readonly tenant: TenantId;
  readonly session: SessionId;
}

/** Where a session's events went, once it has grown beyond one part. */
export interface PlaceRow extends SessionKey, Place {}

/** Asks where these events and turns of a session went. */
export interface PlacesAsked extends SessionKey {
  readonly names: readonly string[];
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
  /** See `LogEntry`. */
  readonly sealedBy?: string;
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

/** One of the places in the log of an event that stands there more than once: its first, or a repeat that the log did not know for one. */
export interface RepeatRow extends SessionKey {
  readonly eventId: string;
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
    /** The session goes on in further parts, or is about to: from now on who knows it must ask for its places. */
    readonly continued?: true;
  }[];
  readonly deadLetters: readonly DeadLetterRow[];
  /** None when absent. */
  readonly redrives?: readonly RedriveRow[];
  /** None when absent. Repeats of dead letters and of redrives need no row: whoever stores these keeps every place of theirs. */
  readonly repeated?: readonly RepeatRow[];
  /** None when absent. All of a session's that a batch brings are written at once, or none: before anything is filed by them. */
  readonly places?: readonly PlaceRow[];
}

/** The projector's view of the warehouse. */
export interface SessionStore {
  /**
   * Those of the sessions that the store has; unknown ones are left out. Events come in position order, each id once. Of a session that is
   * continued there are none: which of its parts are needed, `places` tells.
   */
  known(keys: readonly SessionKey[]): Promise<readonly KnownSession[]>;
  /** As `known`, of parts, each with its events. */
  knownParts(keys: readonly SessionKey[]): Promise<readonly KnownSession[]>;
  /** The parts of these sessions, and where what they ask for went; what has no place yet is left out. */
  places(asked: readonly PlacesAsked[]): Promise<readonly PlaceRow[]>;
  /** Writes it all; when it resolves every reader sees it, and each touched day is marked for recounting. */
  apply(changes: SessionChanges): Promise<void>;
}
