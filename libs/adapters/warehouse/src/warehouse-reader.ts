import { tenantId, type TenantId } from '@heed/kernel';
import {
  DEAD_LETTER_STATES,
  DEFAULT_ORPHAN_BOUNDS,
  type DeadLetterPage,
  type DeadLetterState,
  type OrphanBounds,
  type SizedDeadLetter,
  type TenantCounts,
  type WarehouseReader,
} from '@heed/sessions';
import { z } from 'zod';
import { DeadLetterReader } from './dead-letter-reader.ts';
import { COUNT_ORPHANS, COUNTS } from './dead-letter-statements.ts';
import type { Warehouse } from './warehouse.ts';

const countsRow = z.object({
  tenant: z.string().transform(tenantId),
  inSessions: z.coerce.number(),
  orphaned: z.coerce.number(),
  letters: z.coerce.number(),
  redriven: z.coerce.number(),
  notes: z.coerce.number(),
  repeats: z.coerce.number(),
  expired: z.coerce.number(),
});
const orphansRow = z.object({
  tenant: z.string(),
  state: z.enum(DEAD_LETTER_STATES),
  count: z.coerce.number(),
});
const foundRow = z.object({ found: z.coerce.number() });

/** Every table that holds rows of tenants, the ones others are derived from last: cut off anywhere, removing can be repeated. */
const BY_ROW = [
  'sessions',
  'scored_sessions',
  'session_places',
  'dead_letters',
  'redrives',
  'repeats',
  'filed_events',
  'expired_entries',
  'day_counts_seen',
  'day_marks',
] as const;

/** How work comes to run alone: beside a recount it would leave counts of what is gone. */
export type Exclusively = (work: () => Promise<void>) => Promise<void>;

const daysRow = z.object({ day: z.string() });

/** What the operator asks of a warehouse that `migrateWarehouse` has prepared. */
export class SqlWarehouseReader implements WarehouseReader {
  readonly #warehouse: Warehouse;

  readonly #exclusively: Exclusively;

  readonly #orphans: OrphanBounds;

  /** `exclusively` is that of the chain store which counts this warehouse, where there is one. */
  constructor(
    warehouse: Warehouse,
    exclusively: Exclusively = (work) => work(),
    orphans: OrphanBounds = DEFAULT_ORPHAN_BOUNDS,
  ) {
    this.#warehouse = warehouse;
    this.#exclusively = exclusively;
    this.#orphans = orphans;
  }

  /**
   * The sum of stored and dead-lettered is of one moment, also while the projector writes. How orphans are shared between the two is read
   * after it, and may be of a later one.
   */
  async counts(): Promise<readonly TenantCounts[]> {
    const rows = await this.#warehouse.query(countsRow, COUNTS);
    const orphans = await this.#orphanCounts(rows.filter(({ orphaned }) => orphaned > 0));
    return rows.map(({ tenant, inSessions, orphaned, letters, redriven, notes, repeats, expired }) => {
      const { waiting: stillWaiting = 0, redriven: redrivenOrphans = 0 } = orphans.get(tenant) ?? {};
      const waiting = Math.min(stillWaiting, orphaned);
      const deadLettered = letters + orphaned - waiting;
      return {
        tenant,
        stored: inSessions + waiting,
        waiting,
        deadLettered,
        redriven: Math.min(redriven + redrivenOrphans, deadLettered),
        notes,
        repeats,
        expired,
      };
    });
  }

  deadLetters(tenant: TenantId, limit: number, state: DeadLetterState = 'open'): Promise<DeadLetterPage> {
    return new DeadLetterReader(this.#warehouse, tenant, this.#orphans).page(limit, state);
  }

  deadLetter(tenant: TenantId, id: string): Promise<SizedDeadLetter | null> {
    return new DeadLetterReader(this.#warehouse, tenant, this.#orphans).one(id);
  }

  async hasEvent(tenant: TenantId, eventId: string): Promise<boolean> {
    const [row] = await this.#warehouse.query(
      foundRow,
      'SELECT count() AS found FROM filed_events WHERE tenant = {tenant:String} AND event_id = {eventId:String}',
      { tenant, eventId },
    );
    return (row?.found ?? 0) > 0;
  }

  removeTenant(tenant: TenantId): Promise<void> {
    return this.#exclusively(() => this.#removeTenant(tenant));
  }

  async #removeTenant(tenant: TenantId): Promise<void> {
    for (const table of BY_ROW)
      await this.#warehouse.execute(`DELETE FROM ${table} WHERE tenant = {tenant:String}`, { tenant });
    const days = await this.#warehouse.query(
      daysRow,
      'SELECT DISTINCT toString(day) AS day FROM transitions WHERE tenant = {tenant:String}',
      { tenant },
    );
    for (const { day } of days) {
      await this.#warehouse.execute('ALTER TABLE transitions DROP PARTITION ({tenant:String}, {day:Date})', {
        tenant,
        day,
      });
    }
  }

  async #orphanCounts(
    having: readonly { readonly tenant: TenantId }[],
  ): Promise<ReadonlyMap<string, Partial<Record<DeadLetterState, number>>>> {
    if (having.length === 0) return new Map();
    const rows = await this.#warehouse.query(orphansRow, COUNT_ORPHANS, {
      tenants: having.map(({ tenant }) => tenant),
      ...this.#orphans,
    });
    return new Map(
      [...Map.groupBy(rows, ({ tenant }) => tenant)].map(([tenant, states]) => [
        tenant,
        Object.fromEntries(states.map(({ state, count }) => [state, count])),
      ]),
    );
  }
}
