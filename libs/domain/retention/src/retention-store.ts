import type { TenantId } from '@heed/kernel';
import type { Horizon } from './horizon.ts';

/** What was said for a tenant. */
export interface RetentionRule {
  /** Null: for ever. */
  readonly days: number | null;
  readonly atMs: number;
  readonly who: string;
}

/** Rules, and the horizons that were drawn. Durable when it resolves. Faults thrown: those of the store. */
export interface RetentionStore {
  /** Undefined where nothing was said and the default counts. */
  rule(tenant: TenantId): Promise<RetentionRule | undefined>;
  setRule(tenant: TenantId, rule: RetentionRule): Promise<void>;
  /** Every horizon that was drawn, by tenant, oldest first. */
  horizons(): Promise<ReadonlyMap<TenantId, readonly Horizon[]>>;
  /** Nothing happens when the tenant has one that is as late or later. */
  record(tenant: TenantId, horizon: Horizon, atMs: number): Promise<void>;
}

/** What is asked by whoever holds what was made of data that retention has removed since. Faults thrown: those of the store. */
export interface DrawnHorizons {
  /** The latest horizon of a tenant of those that were drawn at a moment or later; null without any. Both in milliseconds since 1970. */
  drawnSince(tenant: TenantId, atMs: number): Promise<number | null>;
}

/** Takes entries out of the log; how many of them were there. Repeating it changes nothing. Absent where a log's own retention removes its bytes. */
export type RemoveEntries = (tenant: TenantId, positions: readonly number[]) => Promise<number>;

/** What was removed from the warehouse. */
export interface ExpiredCounts {
  readonly sessions: number;
  readonly deadLetters: number;
  /** Entries of the log that were behind it. */
  readonly entries: number;
}

/** The warehouse as retention sees it. To be used while nothing is projected. */
export interface WarehouseExpiry {
  /** When the newest of the tenant's entries was received, null without any. */
  newestReceivedMs(tenant: TenantId): Promise<number | null>;
  /** The UTC days on which any was received, their beginnings in milliseconds since 1970, ascending. */
  receivedDaysMs(tenant: TenantId): Promise<readonly number[]>;
  /** Removes what these horizons take, from the log where it can be removed there, and then from the warehouse. May be repeated, and cut off. */
  expire(tenant: TenantId, horizons: readonly Horizon[]): Promise<ExpiredCounts>;
}
