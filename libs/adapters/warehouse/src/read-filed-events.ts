import { eventId, sessionId, type TenantId } from '@heed/kernel';
import type { FiledEvent } from '@heed/sessions';
import { z } from 'zod';
import type { Warehouse } from './warehouse.ts';

const filedRow = z.object({
  session: z.string(),
  event_id: z.string(),
  position: z.coerce.number(),
  received_at_ms: z.coerce.number(),
  body: z.string(),
  apart: z.coerce.number(),
  sealed_by: z.string(),
  event_name: z.string(),
});
const stretchRow = z.object({
  session: z.string(),
  first: z.coerce.number(),
  last: z.coerce.number(),
  bytes: z.coerce.number(),
});
type Stretch = z.infer<typeof stretchRow>;

/** Bodies that one query returns at most, but for the last of them. Far below what one buffer of JavaScript can hold. */
const BYTES_PER_QUERY = 64 * 1024 * 1024;

/**
 * The events filed under these sessions, in position order within each, each id once. However large a session is, it is read
 * in pieces of bounded size. Rows that were rewritten less often than `rewritten` are left out.
 */
export async function filedOf(
  warehouse: Warehouse,
  tenant: TenantId,
  sessions: readonly string[],
  bytesPerQuery = BYTES_PER_QUERY,
  rewritten = 0,
): Promise<readonly FiledEvent[]> {
  const events: FiledEvent[] = [];
  const seen = new Set<string>();
  const stretches = await stretchesOf(warehouse, tenant, sessions, bytesPerQuery, rewritten);
  for (const piece of piecesOf(stretches, bytesPerQuery)) {
    for (const row of await read(warehouse, tenant, piece, rewritten)) {
      const key = JSON.stringify([row.session, row.event_id]);
      if (seen.has(key)) continue;
      seen.add(key);
      events.push({
        tenant,
        session: sessionId(row.session),
        eventId: eventId(row.event_id),
        position: row.position,
        receivedAtMs: row.received_at_ms,
        body: row.body,
        ...(row.sealed_by !== '' && { sealedBy: row.sealed_by }),
        ...(row.apart === 1 && { apart: true }),
        ...(row.event_name !== '' && { eventName: row.event_name }),
      });
    }
  }
  return events;
}

/** Each session's positions, cut where their bodies come to `bytesPerQuery`. Most sessions are one stretch. */
function stretchesOf(
  warehouse: Warehouse,
  tenant: TenantId,
  sessions: readonly string[],
  bytesPerQuery: number,
  rewritten: number,
): Promise<readonly Stretch[]> {
  return warehouse.query(
    stretchRow,
    `SELECT session, min(position) AS first, max(position) AS last, sum(body_bytes) AS bytes
     FROM
     (
         SELECT session, position, body_bytes,
                sum(body_bytes) OVER (PARTITION BY session ORDER BY position RANGE UNBOUNDED PRECEDING) AS reached
         FROM filed_events
         WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND rewritten >= {rewritten:UInt64}
     )
     GROUP BY session, intDiv(reached, {bytesPerQuery:UInt64}) ORDER BY session, first`,
    { tenant, sessions, bytesPerQuery, rewritten },
  );
}

/** Stretches in groups that one query each can read: whole sessions together, a part of a session alone. */
function piecesOf(stretches: readonly Stretch[], bytesPerQuery: number): readonly (readonly Stretch[])[] {
  const pieces: Stretch[][] = [];
  let whole: Stretch[] = [];
  let bytes = 0;
  for (const parts of Map.groupBy(stretches, ({ session }) => session).values()) {
    const [only, ...others] = parts;
    if (only === undefined || others.length > 0) {
      pieces.push(...parts.map((part) => [part]));
      continue;
    }
    if (whole.length > 0 && bytes + only.bytes > bytesPerQuery) {
      pieces.push(whole);
      whole = [];
      bytes = 0;
    }
    whole.push(only);
    bytes += only.bytes;
  }
  return whole.length > 0 ? [...pieces, whole] : pieces;
}

async function read(
  warehouse: Warehouse,
  tenant: TenantId,
  piece: readonly Stretch[],
  rewritten: number,
): Promise<readonly z.infer<typeof filedRow>[]> {
  const [{ first, last } = { first: 0, last: 0 }] = piece;
  // A piece of several sessions, or of one alone that may be a part of it.
  const within = piece.length === 1 ? 'AND position BETWEEN {first:UInt64} AND {last:UInt64}' : '';
  return warehouse.query(
    filedRow,
    `SELECT session, event_id, position, received_at_ms, body, apart, sealed_by, event_name FROM filed_events
     WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND rewritten >= {rewritten:UInt64} ${within}
     ORDER BY session, position, rewritten DESC LIMIT 1 BY session, event_id`,
    { tenant, sessions: piece.map(({ session }) => session), first, last, rewritten },
  );
}
