import { logKeyOf, sealedIn, type LogEntry, type LogPosition } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import { sessionOfPart } from '@heed/sessions';
import { z } from 'zod';
import { BASE_SESSION, upToLast, VERDICT_KEY } from './forgetting-statements.ts';
import type { SqlValues, Warehouse } from './warehouse.ts';

const filedRow = z.object({
  session: z.string(),
  key: z.string(),
  position: z.coerce.number(),
  receivedAtMs: z.coerce.number(),
  body: z.string(),
  sealedBy: z.string(),
  eventName: z.string(),
});
const stretchRow = z.object({ first: z.coerce.number(), last: z.coerce.number() });

/** Places of one event in the log beside the first, under its session. */
export interface Repeats {
  readonly session: string;
  readonly key: string;
  readonly positions: readonly LogPosition[];
}

/** Bodies that a piece has at most, but for a last one that is longer; each event counts for some more. */
const BYTES_PER_PIECE = 32 * 1024 * 1024;
const BYTES_BESIDE_BODY = 256;

/** The rows of sessions that there were when a rewriting began; see `upToLast`. */
export const OLD_FILED = `session IN {names:Array(String)} AND rewritten < {rewritten:UInt64} AND ${upToLast('position', BASE_SESSION)}`;
export const OLD_LETTERS = `session IN {names:Array(String)} AND NOT ${VERDICT_KEY} AND ${upToLast('position', 'session')}`;

/**
 * What the log holds of these sessions, in its order, as the tables tell it: filed events, events that poisoned their session, and the further
 * places of those that the log has more than once, with the first of them and with its body, which is all that counts. In pieces of bounded size.
 */
export async function* forgettablePieces(
  warehouse: Warehouse,
  tenant: TenantId,
  values: SqlValues,
  repeats: readonly Repeats[],
  bytesPerPiece = BYTES_PER_PIECE,
): AsyncGenerator<readonly LogEntry[]> {
  const again = new Map(repeats.map(({ session, key, positions }) => [nameOf(session, key), positions]));
  const stretches = await warehouse.query(
    stretchRow,
    `SELECT min(position) AS first, max(position) AS last
     FROM
     (
         SELECT position, sum(bytes) OVER (ORDER BY position RANGE UNBOUNDED PRECEDING) AS reached
         FROM
         (
             SELECT position, toUInt64(body_bytes) + ${BYTES_BESIDE_BODY} AS bytes FROM filed_events WHERE tenant = {tenant:String} AND ${OLD_FILED}
             UNION ALL
             SELECT position, length(body) + ${BYTES_BESIDE_BODY} AS bytes FROM dead_letters FINAL WHERE tenant = {tenant:String} AND ${OLD_LETTERS}
         )
     )
     GROUP BY intDiv(reached, {bytesPerPiece:UInt64}) ORDER BY first`,
    { ...values, bytesPerPiece },
  );
  for (const { first, last } of stretches) {
    const within = { ...values, first, last };
    const filed = await warehouse.query(
      filedRow,
      `SELECT session, event_id AS key, position, received_at_ms AS receivedAtMs, body, sealed_by AS sealedBy, event_name AS eventName
       FROM filed_events WHERE tenant = {tenant:String} AND ${OLD_FILED} AND position BETWEEN {first:UInt64} AND {last:UInt64}
       ORDER BY position, rewritten DESC LIMIT 1 BY ${BASE_SESSION}, event_id, position`,
      within,
    );
    const poisoned = await warehouse.query(
      filedRow,
      `SELECT session, key, position, received_at_ms AS receivedAtMs, body, sealed_by AS sealedBy, '' AS eventName
       FROM dead_letters FINAL WHERE tenant = {tenant:String} AND ${OLD_LETTERS} AND position BETWEEN {first:UInt64} AND {last:UInt64}`,
      within,
    );
    const entries = [
      ...filed.map((row) => entryOf(tenant, { ...row, key: logKeyOf(row.key) })),
      ...poisoned.map((row) => entryOf(tenant, row)),
    ];
    yield entries.flatMap((entry) => withRepeats(entry, again)).sort((a, b) => a.position - b.position);
  }
}

/** How an entry is known by its session and its key in the log. */
function nameOf(session: string, key: string): string {
  return JSON.stringify([session, key]);
}

function withRepeats(
  entry: LogEntry,
  again: ReadonlyMap<string, readonly LogPosition[]>,
): readonly LogEntry[] {
  const further = (again.get(nameOf(entry.session, entry.key)) ?? []).filter((at) => at !== entry.position);
  return further.length === 0 ? [entry] : [entry, ...further.map((position) => ({ ...entry, position }))];
}

function entryOf(tenant: TenantId, row: z.infer<typeof filedRow>): LogEntry {
  const { session, sealedBy, eventName, ...rest } = row;
  return {
    ...{ tenant, session: sessionOfPart(session), ...rest },
    ...(sealedBy !== '' && { sealedBy }),
    ...(eventName !== '' && { eventName }),
    ...unreadIn(row.body),
  };
}

/** As the log's reader said of it: it is empty when it was erased, and as it stands in the log when nobody has its key. */
function unreadIn(body: string): Pick<LogEntry, 'unread'> {
  if (body === '') return { unread: 'erased' };
  return sealedIn(body) === undefined ? {} : { unread: 'unknown' };
}
