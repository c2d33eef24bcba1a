import { logKeyOf } from '@heed/events';
import { sessionId, type TenantId } from '@heed/kernel';
import { sessionOfPart, type ProjectPiece, type RepeatRow, type SessionStore } from '@heed/sessions';
import { z } from 'zod';
import { inPieces } from './in-pieces.ts';
import { deleteRows } from './delete-rows.ts';
import { forgettablePieces, OLD_FILED, OLD_LETTERS, type Repeats } from './forgettable-entries.ts';
import {
  BASE_SCOPE,
  BASE_SESSION,
  lastPositionValues,
  upToLast,
  VERDICT_KEY,
} from './forgetting-statements.ts';
import { markingDays } from './mark-days.ts';
import { WarehouseSessionStore } from './warehouse-session-store.ts';
import type { SqlValues, Warehouse } from './warehouse.ts';

const lastRow = z.object({
  base: z.string().transform(sessionId),
  lastPosition: z.coerce.number(),
  rewritten: z.coerce.number(),
});
const repeatRow = z.object({ scope: z.string(), key: z.string(), position: z.coerce.number() });
const keyRow = z.object({ key: z.string() });

/** Names that one statement is given at most. */
const NAMED_AT_ONCE = 10_000;

const OF_NAMES = 'session IN {names:Array(String)}';
const REPEATED_PLACE = 'concat(scope, char(31), toString(position))';

type OldRows = SqlValues & { readonly tenant: TenantId };

/**
 * The new rows of the events are there before the old ones go, which is last: whoever is cut off finds every event, in one of the two forms, and
 * all else can be derived from them again.
 *
 * @param names of the sessions and of their further parts
 */
export async function rewriteSessions(
  warehouse: Warehouse,
  tenant: TenantId,
  names: readonly string[],
  project: ProjectPiece,
  bytesPerPiece?: number,
): Promise<void> {
  const there = await whatThereIs(warehouse, tenant, names);
  if (there.length === 0) return;
  const last = new Map(there.map(({ base, lastPosition }) => [base, lastPosition]));
  const rewritten = 1 + there.reduce((most, row) => Math.max(most, row.rewritten), 0);
  const old = { tenant, names, rewritten, ...lastPositionValues(last) };
  const store = new WarehouseSessionStore(warehouse, undefined, rewritten);
  await store.settle();
  await markingDays(warehouse, OF_NAMES, old, async () => {
    await deleteRows(warehouse, 'sessions', `${OF_NAMES} AND ${upToLast('version', BASE_SESSION)}`, old);
    await deleteRows(warehouse, 'session_places', OF_NAMES, old);
    const repeats = await repeatsIn(warehouse, old);
    const kept = new Kept(store);
    for await (const piece of forgettablePieces(warehouse, tenant, old, byEvent(repeats), bytesPerPiece))
      await project(piece, kept.store);
    await deleteLetters(warehouse, old, kept);
    await deleteRepeats(
      warehouse,
      tenant,
      repeats.map(placeOf).filter((place) => !kept.repeats.has(place)),
    );
  });
  // Once nobody can read any more what they were given by.
  await deleteRows(warehouse, 'scored_sessions', OF_NAMES, old);
  await deleteRows(warehouse, 'filed_events', OLD_FILED, old);
}

/** Of each session that there is something of the last position, and how often its events were rewritten at most. */
function whatThereIs(
  warehouse: Warehouse,
  tenant: TenantId,
  names: readonly string[],
): Promise<readonly z.infer<typeof lastRow>[]> {
  return warehouse.query(
    lastRow,
    `SELECT base, max(at) AS lastPosition, max(times) AS rewritten
     FROM
     (
         SELECT ${BASE_SESSION} AS base, position AS at, rewritten AS times FROM filed_events WHERE tenant = {tenant:String} AND ${OF_NAMES}
         UNION ALL
         SELECT ${BASE_SESSION} AS base, version AS at, 0 AS times FROM sessions WHERE tenant = {tenant:String} AND ${OF_NAMES}
         UNION ALL
         SELECT session AS base, position AS at, 0 AS times FROM dead_letters WHERE tenant = {tenant:String} AND ${OF_NAMES} AND NOT ${VERDICT_KEY}
         UNION ALL
         SELECT ${BASE_SCOPE} AS base, position AS at, 0 AS times FROM repeats
         WHERE tenant = {tenant:String} AND kind = 'event' AND scope IN {names:Array(String)}
     )
     GROUP BY base`,
    { tenant, names },
  );
}

type RepeatedPlace = z.infer<typeof repeatRow>;

function repeatsIn(warehouse: Warehouse, old: OldRows): Promise<readonly RepeatedPlace[]> {
  return warehouse.query(
    repeatRow,
    `SELECT DISTINCT scope, key, position FROM repeats
     WHERE tenant = {tenant:String} AND kind = 'event' AND scope IN {names:Array(String)} AND ${upToLast('position', BASE_SCOPE)}`,
    old,
  );
}

/** An event may stand under two parts, where a rewriting before this one was cut off. */
function byEvent(places: readonly RepeatedPlace[]): readonly Repeats[] {
  const events = Map.groupBy(places, ({ scope, key }) => JSON.stringify([sessionOfPart(scope), key]));
  return [...events.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : {
          session: sessionOfPart(first.scope),
          key: logKeyOf(first.key),
          positions: [...new Set([first, ...others].map(({ position }) => position))],
        },
  );
}

function placeOf({ scope, position }: Pick<RepeatedPlace, 'scope' | 'position'>): string {
  return `${scope}\u001f${String(position)}`;
}

/** A store, and what was written through it that may have been there before under the same name. */
class Kept {
  readonly letters = new Set<string>();
  readonly repeats = new Set<string>();
  readonly store: SessionStore;

  constructor(store: SessionStore) {
    this.store = {
      known: (keys) => store.known(keys),
      knownParts: (keys) => store.knownParts(keys),
      places: (asked) => store.places(asked),
      apply: async (changes) => {
        for (const { key } of changes.deadLetters) this.letters.add(key);
        for (const row of changes.repeated ?? []) this.repeats.add(repeatedPlace(row));
        await store.apply(changes);
      },
    };
  }
}

function repeatedPlace({ session, position }: RepeatRow): string {
  return placeOf({ scope: session, position });
}

async function deleteLetters(warehouse: Warehouse, old: OldRows, kept: Kept): Promise<void> {
  const letters = await warehouse.query(
    keyRow,
    `SELECT DISTINCT key FROM dead_letters WHERE tenant = {tenant:String} AND ${OLD_LETTERS}`,
    old,
  );
  const gone = letters.map(({ key }) => key).filter((key) => !kept.letters.has(key));
  for (const keys of inPieces(gone, NAMED_AT_ONCE))
    await deleteRows(warehouse, 'dead_letters', `${OF_NAMES} AND key IN {keys:Array(String)}`, {
      ...old,
      keys,
    });
}

async function deleteRepeats(warehouse: Warehouse, tenant: TenantId, gone: readonly string[]): Promise<void> {
  for (const places of inPieces(gone, NAMED_AT_ONCE))
    await deleteRows(warehouse, 'repeats', `kind = 'event' AND ${REPEATED_PLACE} IN {places:Array(String)}`, {
      ...{ tenant, places },
    });
}
