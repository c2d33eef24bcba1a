import { logKeyOf, type LogEntry } from '@heed/events';
import type { SessionId, TenantId } from '@heed/kernel';
import { sessionOfPart } from '@heed/sessions';
import { z } from 'zod';
import { VERDICT_KEY } from './forgetting-statements.ts';
import { filedOf } from './read-filed-events.ts';
import type { Warehouse } from './warehouse.ts';

const entryRow = z.object({
  session: z.string(),
  key: z.string(),
  position: z.coerce.number(),
  receivedAtMs: z.coerce.number(),
  body: z.string(),
  sealedBy: z.string(),
});
const repeatRow = z.object({ scope: z.string(), key: z.string(), position: z.coerce.number() });

/**
 * What the log holds of these sessions, in its order, as the tables tell it: filed events, events that poisoned their session, and the further
 * places of those that the log has more than once (with the body of the first, which is all that counts of them).
 */
export async function forgettableEntries(
  warehouse: Warehouse,
  tenant: TenantId,
  sessions: readonly SessionId[],
  names: readonly string[],
): Promise<readonly LogEntry[]> {
  const filed = await filedOf(warehouse, tenant, names);
  const poisoned = await warehouse.query(
    entryRow,
    `SELECT session, key, position, received_at_ms AS receivedAtMs, body, sealed_by AS sealedBy
     FROM dead_letters FINAL WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND NOT ${VERDICT_KEY}`,
    { tenant, sessions },
  );
  const repeats = await warehouse.query(
    repeatRow,
    `SELECT DISTINCT scope, key, position FROM repeats
     WHERE tenant = {tenant:String} AND kind = 'event' AND scope IN {names:Array(String)}`,
    { tenant, names },
  );
  const entries = [
    ...filed.map(({ eventId, session, position, receivedAtMs, body, sealedBy = '' }) =>
      entryOf(tenant, {
        ...{ position, receivedAtMs, body, sealedBy },
        ...{ key: logKeyOf(eventId), session: sessionOfPart(session) },
      }),
    ),
    ...poisoned.map((row) => entryOf(tenant, row)),
  ];
  return [...entries, ...repeatsAmong(entries, repeats)].sort((a, b) => a.position - b.position);
}

function repeatsAmong(
  entries: readonly LogEntry[],
  repeats: readonly z.infer<typeof repeatRow>[],
): readonly LogEntry[] {
  const name = (session: string, key: string): string => JSON.stringify([session, key]);
  const firsts = new Map(entries.map((entry) => [name(entry.session, entry.key), entry]));
  return repeats.flatMap(({ scope, key, position }) => {
    const first = firsts.get(name(sessionOfPart(scope), logKeyOf(key)));
    return first === undefined || first.position === position ? [] : [{ ...first, position }];
  });
}

function entryOf(tenant: TenantId, { sealedBy, ...row }: z.infer<typeof entryRow>): LogEntry {
  return {
    ...{ tenant, ...row },
    ...(sealedBy !== '' && { sealedBy }),
    ...(row.body === '' && { unread: 'erased' }),
  };
}
