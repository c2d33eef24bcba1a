import type { TenantId } from '@heed/kernel';
import type { DataSubject } from './data-subject.ts';
import type { DeadLetterReason } from './dead-letter.ts';

/**
 * Where an entry stands in the log: no two entries share one. Grows within a partition of the log, and so within a session; between
 * partitions it says nothing.
 */
export type LogPosition = number;

/** What the edge hands to the log: the bytes as they came, and what it already knows of them. */
export interface NewLogEntry {
  readonly tenant: TenantId;
  /** What makes sending it again harmless: the event's id, or, where the bytes gave none, a digest of the bytes. */
  readonly key: string;
  /** The event's session, '' where it could not be read. Entries of one session stay in the order of their appends. */
  readonly session: string;
  /** The event as one JSON text, exactly as received. */
  readonly body: string;
  /** When the edge took it in, milliseconds since 1970. Clock skew is judged against it, so replay judges the same. */
  readonly receivedAtMs: number;
  /** Set when the edge found that this cannot be an event; the entry is kept all the same. */
  readonly deadLetter?: DeadLetterReason;
  /** What `body` says where it is sealed: by this it is compared with what the log has under its key. Never stored. */
  readonly plain?: string;
  /** Whose words it holds, where whoever parsed it has looked: nobody's is null. Never stored. */
  readonly subject?: DataSubject | null;
}

export interface LogEntry extends Omit<NewLogEntry, 'plain' | 'subject'> {
  readonly position: LogPosition;
  /** What its body was sealed with, or would have been: by this it is found when it is to be forgotten. */
  readonly sealedBy?: string;
  /**
   * Why a body cannot be read: `erased` when its key was destroyed (then it is empty), `unknown` when nobody has the key or it does not fit
   * (then it is as it stands in the log).
   */
  readonly unread?: 'erased' | 'unknown';
  /** The name of an erased event, such as `turn`, where something still tells it. */
  readonly eventName?: string;
}

/** Texts of a log as they were before they were sealed; undefined for those whose key was destroyed. In the order given. */
export type OpenBodies = (
  stored: readonly Pick<NewLogEntry, 'tenant' | 'body'>[],
) => Promise<readonly (string | undefined)[]>;

/**
 * What became of one entry.
 * - `appended`: durable now, and readers will see it.
 * - `duplicate`: the same key with the same content was there already; nothing changed.
 * - `conflict`: the same key with other content was there. The newcomer is kept durably as a dead letter
 *   (`conflicting-duplicate`), the first one stays as it is.
 */
export type AppendOutcome = 'appended' | 'duplicate' | 'conflict';

export interface Consumption {
  /** Resolves after the batch in hand is finished and its position committed. */
  stop(): Promise<void>;
  /** Rejects with the handler's or the store's fault when consumption cannot go on; never resolves before `stop`. */
  readonly done: Promise<void>;
}

export interface ReadOptions {
  /** Entries a batch holds at most. */
  readonly maxBatch: number;
  /** UTF-8 bytes of the bodies of a batch at most, but for its first entry, which always comes. No bound when absent. */
  readonly maxBytes?: number;
}

export interface ReplayOptions extends ReadOptions {
  /** Only what this group had committed at the call; all that is there when absent. */
  readonly committedBy?: string;
}

export interface ConsumeOptions extends ReadOptions {
  /**
   * Awaited before each batch is read: who would rather have a larger one later waits here. Gets the batch before, empty when there was nothing
   * to read. Must not reject.
   */
  readonly beforeBatch?: (before: readonly LogEntry[]) => Promise<void>;
}

/** One partition of the log and how far a group has read it, both counted from its beginning. */
export interface PartitionLag {
  /** What the log does not have any more counts as read. */
  readonly committed: number;
  readonly head: number;
}

/** What readers of a group have left to do. */
export interface LogLag {
  readonly entries: number;
  /** By partition. A log that knows none has one. */
  readonly partitions: readonly PartitionLag[];
}

export interface LogCount {
  readonly tenant: TenantId;
  /**
   * Entries of the log: events acknowledged, dead letters included, Heed's own notes (`redrivenEntry`), and what stands there again because
   * the log did not know it for a repeat. Readers keep that once, and say how often they saw it.
   */
  readonly accepted: number;
  /** Those of them that the edge or the log already knew to be dead letters. */
  readonly deadLettered: number;
}

/**
 * The truth: every byte that Heed acknowledged, in order within a session, at least once, idempotent by key.
 * Faults thrown: code `log-full` (no room on the disk), `log-unavailable`.
 */
export interface EventLog {
  /**
   * One durable append of the whole batch; outcomes in the batch's order. Either all of it becomes durable or it throws. Order holds
   * within a batch, and between it and one that is begun after its outcome is known; of two under way either may come first.
   */
  append(batch: readonly NewLogEntry[]): Promise<readonly AppendOutcome[]>;
  /**
   * Hands batches to `handle` in order and commits the position after it resolves; after a crash the last batch may come
   * again. One consumption a group at a time.
   */
  consume(
    group: string,
    options: ConsumeOptions,
    handle: (batch: readonly LogEntry[]) => Promise<void>,
  ): Consumption;
  /** The whole log from its beginning up to the head at the time of the call, in batches. Moves no group. */
  replay(options: ReplayOptions): AsyncIterable<readonly LogEntry[]>;
  lag(group: string): Promise<LogLag>;
  /** The group's next consumption begins at the beginning again: what it built was lost. Not while it consumes. */
  rewind(group: string): Promise<void>;
  counts(): Promise<readonly LogCount[]>;
  /** Whether `removeTenant` can be done; else it throws Fault `log-cannot-remove`, and nothing has changed. */
  readonly removesTenants: boolean;
  /** Takes every entry of a tenant out of the log. For the demo tenant and tests of it; not an erasure of a user. */
  removeTenant(tenant: TenantId): Promise<void>;
  close(): Promise<void>;
}
