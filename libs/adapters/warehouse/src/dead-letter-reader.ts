import { DEAD_LETTER_REASONS } from '@heed/events';
import { Fault, tenantId, type TenantId } from '@heed/kernel';
import {
  DEAD_LETTER_STATES,
  type DeadLetterPage,
  type DeadLetterState,
  type OrphanBounds,
  type SizedDeadLetter,
} from '@heed/sessions';
import { z } from 'zod';
import { COUNT_STATES, KEYS_LIKE, LETTERS } from './dead-letter-statements.ts';
import type { SqlValues, Warehouse } from './warehouse.ts';

const stateRow = z.object({
  state: z.enum(DEAD_LETTER_STATES),
  reason: z.string(),
  count: z.coerce.number(),
});
const keyRow = z.object({ key: z.string() });
const alikeRow = z.object({ eventId: z.string(), reason: z.string(), count: z.coerce.number() });
const redriveRow = z.object({
  letter: z.string(),
  eventId: z.string(),
  receivedAtMs: z.coerce.number(),
});
const letterRow = z.object({
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
  state: z.enum(DEAD_LETTER_STATES),
});
type LetterRow = z.infer<typeof letterRow>;

/** Characters of a dead letter's bytes that a list shows. */
const SHOWN_IN_LISTS = 1024;

/** What an ambiguous id could mean: so many are named. */
const NAMED = 3;

/** Dead letters, and orphans that wait or wait no more, of one tenant. */
export class DeadLetterReader {
  readonly #warehouse: Warehouse;
  readonly #tenant: TenantId;
  readonly #bounds: OrphanBounds;

  constructor(warehouse: Warehouse, tenant: TenantId, bounds: OrphanBounds) {
    this.#warehouse = warehouse;
    this.#tenant = tenant;
    this.#bounds = bounds;
  }

  async page(limit: number, state: DeadLetterState): Promise<DeadLetterPage> {
    const counts = await this.#warehouse.query(stateRow, COUNT_STATES, this.#values());
    const open = counts.filter((row) => row.state === 'open');
    const sum = (rows: typeof counts): number => rows.reduce((total, { count }) => total + count, 0);
    return {
      total: sum(open),
      byReason: Object.fromEntries(open.map(({ reason, count }) => [reason, count])),
      waiting: sum(counts.filter((row) => row.state === 'waiting')),
      redriven: sum(counts.filter((row) => row.state === 'redriven')),
      rows: await this.#whole(
        await this.#find(
          `substringUTF8(body, 1, ${SHOWN_IN_LISTS})`,
          `state = {state:String} ORDER BY received_at_ms DESC, position DESC LIMIT {limit:UInt64}
           SETTINGS query_plan_execute_functions_after_sorting = 0`,
          { state, limit },
        ),
      ),
    };
  }

  async one(id: string): Promise<SizedDeadLetter | null> {
    const keys = (await this.#warehouse.query(keyRow, KEYS_LIKE, this.#values({ id }))).map(({ key }) => key);
    const [key, ...others] = keys;
    if (key === undefined) return null;
    if (key !== id && others.length > 0) throw ambiguous(id, keys);
    const rows = await this.#find('body', 'key = {key:String} LIMIT 1', { key });
    return (await this.#whole(rows))[0] ?? null;
  }

  #values(more: SqlValues = {}): SqlValues {
    return { tenant: this.#tenant, tenants: [this.#tenant], ...this.#bounds, ...more };
  }

  #find(body: string, condition: string, values: SqlValues): Promise<readonly LetterRow[]> {
    return this.#warehouse.query(
      letterRow,
      `SELECT tenant, key, reason, detail, remedy, event_id AS eventId, event_type AS eventType, session,
              receivedAtMs, position, shown AS body, bodyBytes, state
       FROM (SELECT *, received_at_ms AS receivedAtMs, ${body} AS shown, length(body) AS bodyBytes FROM (${LETTERS}))
       WHERE ${condition}`,
      this.#values(values),
    );
  }

  /** With what is told of them elsewhere: those alike, and what took their place. */
  async #whole(rows: readonly LetterRow[]): Promise<readonly SizedDeadLetter[]> {
    if (rows.length === 0) return [];
    const [alike, redrives] = await Promise.all([this.#alike(rows), this.#redrivesOf(rows)]);
    return rows.map((row) => ({
      ...row,
      count: alike.get(row.reason + row.eventId) ?? 1,
      redrives: redrives.get(row.key) ?? [],
      ...(row.state === 'waiting' && { waitsUntilMs: row.receivedAtMs + this.#bounds.waitMs }),
    }));
  }

  async #alike(rows: readonly LetterRow[]): Promise<ReadonlyMap<string, number>> {
    const ids = [...new Set(rows.map(({ eventId }) => eventId).filter((id) => id !== ''))];
    if (ids.length === 0) return new Map();
    const found = await this.#warehouse.query(
      alikeRow,
      `SELECT event_id AS eventId, reason, count() AS count FROM dead_letters FINAL
       WHERE tenant = {tenant:String} AND event_id IN {ids:Array(String)} GROUP BY event_id, reason`,
      this.#values({ ids }),
    );
    return new Map(found.map(({ reason, eventId, count }) => [reason + eventId, count]));
  }

  async #redrivesOf(
    rows: readonly LetterRow[],
  ): Promise<ReadonlyMap<string, readonly z.infer<typeof redriveRow>[]>> {
    const letters = rows.filter(({ state }) => state === 'redriven').map(({ key }) => key);
    if (letters.length === 0) return new Map();
    const found = await this.#warehouse.query(
      redriveRow,
      `SELECT letter, event_id AS eventId, received_at_ms AS receivedAtMs FROM redrives FINAL
       WHERE tenant = {tenant:String} AND letter IN {letters:Array(String)} ORDER BY received_at_ms, position`,
      this.#values({ letters }),
    );
    return Map.groupBy(found, ({ letter }) => letter);
  }
}

function ambiguous(id: string, keys: readonly string[]): Fault {
  const named = keys.slice(0, NAMED).join(', ') + (keys.length > NAMED ? ', ...' : '');
  return new Fault(
    'dead-letter-ambiguous',
    `"${id}" could be several dead letters: ${named}.`,
    'Give more of the one you mean, or all of it.',
  );
}
