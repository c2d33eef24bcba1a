import type { TenantId } from '@heed/kernel';
import type { DeadLetterRow } from './session-store.ts';

/** What the warehouse holds of a tenant, for the accounting identity. */
export interface TenantCounts {
  readonly tenant: TenantId;
  /** Distinct events filed with their session, those among them that wait for their turn. */
  readonly stored: number;
  /** Of the stored ones, the orphans that still wait. */
  readonly waiting: number;
  /** Log entries that are no part of a session, and orphans that wait no more. */
  readonly deadLettered: number;
  /** Of the dead-lettered ones, those whose place an event took since. */
  readonly redriven: number;
  /** Heed's own notes in the log, which nobody sent: neither stored nor dead-lettered. */
  readonly notes: number;
  /** Entries of the log that repeat another one and are kept once: neither stored nor dead-lettered again. */
  readonly repeats: number;
  /** Entries that the log still has although their retention is over; none when absent. */
  readonly expired?: number;
}

/**
 * - `open`: somebody has to do something, or decide that nobody will.
 * - `waiting`: an orphan whose turn may still come (see `OrphanBounds`); not counted as a dead letter.
 * - `redriven`: an event took its place; kept, and no longer in the way.
 */
export const DEAD_LETTER_STATES = ['open', 'waiting', 'redriven'] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

/** In a page the body is cut to its beginning; `bodyBytes` is how long it is. */
export interface SizedDeadLetter extends DeadLetterRow {
  readonly bodyBytes: number;
  readonly state: DeadLetterState;
  /** Until when a waiting one waits, by the tenant's own time (see `OrphanBounds`). */
  readonly waitsUntilMs?: number;
  /** Different texts refused under this event id for this reason, at least 1. The log keeps a text once, however often it comes. */
  readonly count: number;
  /** What took its place and when, oldest first. */
  readonly redrives: readonly { readonly eventId: string; readonly receivedAtMs: number }[];
}

export interface DeadLetterPage {
  /** Open ones. */
  readonly total: number;
  /** Of the open ones. */
  readonly byReason: Readonly<Record<string, number>>;
  readonly waiting: number;
  readonly redriven: number;
  /** Newest first, all of the state asked for. */
  readonly rows: readonly SizedDeadLetter[];
}

/** The operator's view of the warehouse. */
export interface WarehouseReader {
  counts(): Promise<readonly TenantCounts[]>;
  /** Dead letters and orphans together; an orphan's key is its event's id. Those of one state, the open ones when none is given. */
  deadLetters(tenant: TenantId, limit: number, state?: DeadLetterState): Promise<DeadLetterPage>;
  /**
   * One of any state, by its key, by the beginning of its key or of the digest in it, or by its event's id.
   * Throws Fault `dead-letter-ambiguous` when that could be several.
   */
  deadLetter(tenant: TenantId, id: string): Promise<SizedDeadLetter | null>;
  /** Whether an event of this id is filed with its session, be it an orphan or not. */
  hasEvent(tenant: TenantId, eventId: string): Promise<boolean>;
  removeTenant(tenant: TenantId): Promise<void>;
}

/** What models made, not the log: a replay neither builds nor compares it, and leaves it where it is. */
export const NOT_OF_THE_LOG = ['turn_scores'] as const;

/** `equal` is null when nothing was compared. */
export interface RebuiltTable {
  readonly table: string;
  readonly rows: number;
  readonly equal: boolean | null;
}

/** Builds the warehouse anew from the log. */
export interface WarehouseRebuild {
  /**
   * Beside the live one, from the log as it stood at the call. `compare`: each session by the model of failed turns that it was derived by, compares every
   * table row for row and throws the copy away; else by the models in force now, and puts the copy in the live one's place.
   */
  run(
    purpose: 'compare' | 'replace',
    progress: (step: string, done: number, of: number) => void,
  ): Promise<RebuiltWarehouse>;
}

export interface RebuiltWarehouse {
  readonly events: number;
  readonly tables: readonly RebuiltTable[];
  /** Sessions of the live one whose outcomes another model decided than would now. Where one was put in its place there are none. */
  readonly otherwiseJudged: number;
}
