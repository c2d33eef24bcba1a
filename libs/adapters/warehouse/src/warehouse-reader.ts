import { DEAD_LETTER_REASONS } from '@heed/events';
import { tenantId, type TenantId } from '@heed/kernel';
import type { DeadLetterPage, SizedDeadLetter, TenantCounts, WarehouseReader } from '@heed/sessions';
import { z } from 'zod';
import type { SqlValues, Warehouse } from './warehouse.ts';

const countsRow = z.object({
  tenant: z.string().transform(tenantId),
  stored: z.coerce.number(),
  deadLettered: z.coerce.number(),
});
const reasonRow = z.object({ reason: z.string(), count: z.coerce.number() });
const deadLetterRow = z.object({
  tenant: z.string().transform(tenantId),
  key: z.string(),
  reason: z.enum(DEAD_LETTER_REASONS),
  detail: z.string(),
  remedy: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  session: z.string(),
  receivedAtMs: z.coerce.number(),
  position: z.coerce.number(),
  body: z.string(),
  bodyBytes: z.coerce.number(),
});

/** Every table that holds rows of tenants, the ones others are derived from last: cut off anywhere, removing can be repeated. */
const BY_ROW = ['sessions', 'dead_letters', 'filed_events', 'day_counts_seen', 'day_marks'] as const;

/** Characters of a dead letter's bytes that a list shows. */
const SHOWN_IN_LISTS = 1024;

/** How work comes to run alone: beside a recount it would leave counts of what is gone. */
export type Exclusively = (work: () => Promise<void>) => Promise<void>;

const daysRow = z.object({ day: z.string() });

/** What the operator asks of a warehouse that `migrateWarehouse` has prepared. */
export class SqlWarehouseReader implements WarehouseReader {
  readonly #warehouse: Warehouse;

  readonly #exclusively: Exclusively;

  /** `exclusively` is that of the chain store which counts this warehouse, where there is one. */
  constructor(warehouse: Warehouse, exclusively: Exclusively = (work) => work()) {
    this.#warehouse = warehouse;
    this.#exclusively = exclusively;
  }

  counts(): Promise<readonly TenantCounts[]> {
    return this.#warehouse.query(
      countsRow,
      `SELECT tenant, sum(stored) AS stored, sum(deadLettered) AS deadLettered
       FROM
       (
           SELECT tenant, sum(stored_events) AS stored, sum(length(orphans.event)) AS deadLettered FROM sessions FINAL GROUP BY tenant
           UNION ALL
           SELECT tenant, 0 AS stored, count() AS deadLettered FROM dead_letters FINAL GROUP BY tenant
       )
       GROUP BY tenant ORDER BY tenant`,
    );
  }

  async deadLetters(tenant: TenantId, limit: number): Promise<DeadLetterPage> {
    const reasons = await this.#warehouse.query(
      reasonRow,
      `SELECT reason, sum(n) AS count
       FROM
       (
           SELECT toString(reason) AS reason, count() AS n FROM dead_letters FINAL WHERE tenant = {tenant:String} GROUP BY reason
           UNION ALL
           SELECT 'unknown-turn' AS reason, sum(length(orphans.event)) AS n FROM sessions FINAL WHERE tenant = {tenant:String}
       )
       GROUP BY reason HAVING count > 0 ORDER BY reason`,
      { tenant },
    );
    return {
      total: reasons.reduce((total, { count }) => total + count, 0),
      byReason: Object.fromEntries(reasons.map(({ reason, count }) => [reason, count])),
      rows: await this.#find(
        `substringUTF8(body, 1, ${SHOWN_IN_LISTS})`,
        `tenant = {tenant:String} ORDER BY received_at_ms DESC, position DESC LIMIT {limit:UInt64}
         SETTINGS query_plan_execute_functions_after_sorting = 0`,
        {
          tenant,
          limit,
        },
      ),
    };
  }

  async deadLetter(tenant: TenantId, key: string): Promise<SizedDeadLetter | null> {
    const [row] = await this.#find('body', 'tenant = {tenant:String} AND key = {key:String} LIMIT 1', {
      tenant,
      key,
    });
    return row ?? null;
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

  #find(body: string, condition: string, values: SqlValues): Promise<readonly SizedDeadLetter[]> {
    return this.#warehouse.query(
      deadLetterRow,
      `SELECT tenant, key, reason, detail, remedy, event_id AS eventId, event_type AS eventType, session,
              receivedAtMs, position, shown AS body, bodyBytes
       FROM
       (
           SELECT *, received_at_ms AS receivedAtMs, ${body} AS shown, length(body) AS bodyBytes FROM all_dead_letters
       )
       WHERE ${condition}`,
      values,
    );
  }
}
