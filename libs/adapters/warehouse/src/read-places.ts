import { sessionId, type TenantId } from '@heed/kernel';
import { PLACE_KINDS, type PlaceRow, type PlacesAsked } from '@heed/sessions';
import { z } from 'zod';
import type { Warehouse } from './warehouse.ts';

const placeRow = z.object({
  session: z.string().transform(sessionId),
  kind: z.enum(PLACE_KINDS),
  name: z.string(),
  part: z.coerce.number(),
  events: z.coerce.number(),
});

const NAMES_PER_QUERY = 16_000;

/** The parts of these sessions, and where what they ask for went. What is asked is found by the table's key, however much there is. */
export async function placesOf(
  warehouse: Warehouse,
  tenant: TenantId,
  asked: readonly PlacesAsked[],
): Promise<readonly PlaceRow[]> {
  const found: PlaceRow[] = [];
  for (const { session, names } of asked) {
    for (let start = 0; start < Math.max(1, names.length); start += NAMES_PER_QUERY) {
      const rows = await warehouse.query(
        placeRow,
        `SELECT session, kind, name, part, max(events) AS events FROM session_places
         WHERE tenant = {tenant:String} AND session = {session:String} AND (kind = 'part' OR name IN {names:Array(String)})
         GROUP BY session, kind, name, part`,
        { tenant, session, names: names.slice(start, start + NAMES_PER_QUERY) },
      );
      found.push(...rows.map((row) => ({ tenant, ...row })));
    }
  }
  return found;
}
