import { sessionId, type TenantId } from '@heed/kernel';
import type {
  DeadLetterRow,
  KnownSession,
  PlaceRow,
  PlacesAsked,
  RedriveRow,
  SessionChanges,
  SessionKey,
  SessionStore,
} from '@heed/sessions';
import { z } from 'zod';
import { encodeRows, type Cell } from './encode-rows.ts';
import { FILED_COLUMNS, filedCells } from './filed-rows.ts';
import { closeDays, closeWhatWasCutOff, marksOf, openDays } from './mark-days.ts';
import { filedOf } from './read-filed-events.ts';
import { placesOf } from './read-places.ts';
import { REPEAT_COLUMNS, repeatRows } from './repeat-rows.ts';
import { SESSION_COLUMNS, sessionRow } from './session-row.ts';
import type { Warehouse } from './warehouse.ts';

const flag = z.coerce.number().transform((one) => one === 1);
const knownRow = z.object({ session: z.string(), day: z.string(), continued: flag });

/** A text of this many ids stays well within the longest statement that a warehouse must take. */
const KEYS_PER_QUERY = 4000;

/** Filed events and derived sessions in a warehouse that `migrateWarehouse` has prepared. */
export class WarehouseSessionStore implements SessionStore {
  readonly #warehouse: Warehouse;
  #closed: Promise<void> | undefined;

  readonly #bytesPerQuery: number | undefined;
  readonly #rewritten: number;

  /**
   * @param bytesPerQuery bodies that one query brings at most
   * @param rewritten files events as rewritten so often, and knows those alone that were at least so often
   */
  constructor(warehouse: Warehouse, bytesPerQuery?: number, rewritten = 0) {
    this.#warehouse = warehouse;
    this.#bytesPerQuery = bytesPerQuery;
    this.#rewritten = rewritten;
  }

  known(keys: readonly SessionKey[]): Promise<readonly KnownSession[]> {
    return this.#knownBy(keys, false);
  }

  knownParts(keys: readonly SessionKey[]): Promise<readonly KnownSession[]> {
    return this.#knownBy(keys, true);
  }

  async places(asked: readonly PlacesAsked[]): Promise<readonly PlaceRow[]> {
    const places: PlaceRow[] = [];
    for (const [tenant, ofTenant] of Map.groupBy(asked, ({ tenant: one }) => one))
      places.push(...(await placesOf(this.#warehouse, tenant, ofTenant)));
    return places;
  }

  /**
   * Events are filed before sessions are derived from them, and days are marked before and after: a recount that reads while
   * this writes, or after this was cut off, finds the day dirty again. One store at a time may write to a warehouse; it may
   * write several changes side by side when they share no session.
   */
  async apply(changes: SessionChanges): Promise<void> {
    try {
      await this.settle();
      await this.#write(changes);
    } catch (thrown) {
      this.#closed = undefined;
      throw thrown;
    }
  }

  /** Closes the days that were left open by whoever wrote before. Done once, by itself before the first change. */
  settle(): Promise<void> {
    this.#closed ??= closeWhatWasCutOff(this.#warehouse);
    return this.#closed;
  }

  async #write(changes: SessionChanges): Promise<void> {
    const { filed, derived, deadLetters, redrives = [], places = [] } = changes;
    // All of it before the first insert: what cannot be encoded must leave nothing behind.
    const days = marksOf(touchedDays(derived));
    const events = encodeRows(filed.map((event) => filedCells(event, this.#rewritten)));
    const letters = encodeRows(deadLetters.map(deadLetterCells));
    const redriven = encodeRows(redrives.map(redriveCells));
    const repeats = encodeRows(repeatRows(changes));
    const sessions = encodeRows(derived.map(sessionRow));
    const placed = encodeRows(places.map(placeCells));
    // Alone and before all else: one insert, which comes about whole or not at all.
    await this.#warehouse.insert('session_places', PLACE_COLUMNS, placed);
    await Promise.all([
      this.#warehouse.insert('filed_events', FILED_COLUMNS, events),
      this.#warehouse.insert('dead_letters', DEAD_LETTER_COLUMNS, letters),
      this.#warehouse.insert('redrives', REDRIVE_COLUMNS, redriven),
      this.#warehouse.insert('repeats', REPEAT_COLUMNS, repeats),
      openDays(this.#warehouse, days),
    ]);
    await this.#warehouse.insert('sessions', SESSION_COLUMNS, sessions);
    await closeDays(this.#warehouse, days);
  }

  async #knownBy(keys: readonly SessionKey[], asParts: boolean): Promise<readonly KnownSession[]> {
    const known: KnownSession[] = [];
    for (const [tenant, sessions] of byTenant(keys)) {
      for (let start = 0; start < sessions.length; start += KEYS_PER_QUERY) {
        const some = sessions.slice(start, start + KEYS_PER_QUERY);
        known.push(...(await this.#knownOf(tenant, some, asParts)));
      }
    }
    return known;
  }

  async #knownOf(
    tenant: TenantId,
    sessions: readonly string[],
    asParts: boolean,
  ): Promise<readonly KnownSession[]> {
    const found = await this.#warehouse.query(
      knownRow,
      `SELECT session, toString(argMax(day, version)) AS day, max(continued) AS continued FROM sessions
       WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} GROUP BY session`,
      { tenant, sessions },
    );
    const needed = found.filter(({ continued }) => asParts || !continued).map(({ session }) => session);
    const filed =
      needed.length === 0
        ? []
        : await filedOf(this.#warehouse, tenant, needed, this.#bytesPerQuery, this.#rewritten);
    const events = Map.groupBy(filed, ({ session }) => session);
    return found.map(({ session, day, continued }) => {
      const id = sessionId(session);
      const whole = { tenant, session: id, day, events: events.get(id) ?? [] };
      return continued && !asParts ? { ...whole, continued } : whole;
    });
  }
}

function byTenant(keys: readonly SessionKey[]): ReadonlyMap<TenantId, readonly string[]> {
  const sessions = new Map<TenantId, string[]>();
  for (const { tenant, session } of keys) {
    const list = sessions.get(tenant);
    if (list) list.push(session);
    else sessions.set(tenant, [session]);
  }
  return sessions;
}

function touchedDays(
  derived: SessionChanges['derived'],
): Iterable<{ readonly tenant: TenantId; readonly day: string }> {
  const days = new Map<string, { readonly tenant: TenantId; readonly day: string }>();
  for (const { tenant, session, previousDay } of derived) {
    for (const day of [session.day, previousDay ?? session.day])
      days.set(`${day} ${tenant}`, { tenant, day });
  }
  return days.values();
}

const PLACE_COLUMNS = ['tenant', 'session', 'kind', 'name', 'part', 'events'];
const DEAD_LETTER_COLUMNS = [
  'tenant',
  'key',
  'reason',
  'detail',
  'remedy',
  'event_id',
  'event_type',
  'session',
  'received_at_ms',
  'position',
  'body',
  'sealed_by',
];
const REDRIVE_COLUMNS = ['tenant', 'letter', 'event_id', 'received_at_ms', 'position'];

function placeCells({ tenant, session, kind, name, part, events }: PlaceRow): readonly Cell[] {
  return [tenant, session, kind, name, part, events];
}

function deadLetterCells(row: DeadLetterRow): readonly Cell[] {
  return [
    row.tenant,
    row.key,
    row.reason,
    row.detail,
    row.remedy,
    row.eventId,
    row.eventType,
    row.session,
    row.receivedAtMs,
    row.position,
    row.body,
    row.sealedBy ?? '',
  ];
}

function redriveCells({ tenant, letter, eventId, receivedAtMs, position }: RedriveRow): readonly Cell[] {
  return [tenant, letter, eventId, receivedAtMs, position];
}
