import type { TenantId } from '@heed/kernel';
import type { DeadLetterRow } from './session-store.ts';

/** What the warehouse holds of a tenant, for the accounting identity. */
export interface TenantCounts {
  readonly tenant: TenantId;
  /** Distinct events that became part of a session. */
  readonly stored: number;
  /** Log entries that are no part of a session, and orphans. */
  readonly deadLettered: number;
}

/** In a page the body is cut to its beginning; `bodyBytes` is how long it is. */
export interface SizedDeadLetter extends DeadLetterRow {
  readonly bodyBytes: number;
}

export interface DeadLetterPage {
  readonly total: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** Newest first. */
  readonly rows: readonly SizedDeadLetter[];
}

/** The operator's view of the warehouse. */
export interface WarehouseReader {
  counts(): Promise<readonly TenantCounts[]>;
  /** Dead letters and orphans together; an orphan's key is its event's id. */
  deadLetters(tenant: TenantId, limit: number): Promise<DeadLetterPage>;
  deadLetter(tenant: TenantId, key: string): Promise<SizedDeadLetter | null>;
  removeTenant(tenant: TenantId): Promise<void>;
}

/** `equal` is null when nothing was compared. */
export interface RebuiltTable {
  readonly table: string;
  readonly rows: number;
  readonly equal: boolean | null;
}

/** Builds the warehouse anew from the log. */
export interface WarehouseRebuild {
  /**
   * Beside the live one, from the log as it stood at the call. `compare`: compares every table row for row and throws the copy
   * away; else puts the copy in the live one's place.
   */
  run(
    purpose: 'compare' | 'replace',
    progress: (step: string, done: number, of: number) => void,
  ): Promise<{ readonly events: number; readonly tables: readonly RebuiltTable[] }>;
}
