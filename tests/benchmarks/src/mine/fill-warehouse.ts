import type { Warehouse } from '@heed/warehouse';
import { SESSION_COLUMNS } from './load-files.ts';

const FIRST_DAY = '2026-03-01';

/** Puts the sessions of a file by `writeSessions` into the warehouse as the projector would, with every day marked as changed. */
export async function fillWarehouse(warehouse: Warehouse, tenant: string, path: string): Promise<void> {
  await warehouse.execute(
    `INSERT INTO sessions (tenant, session, version, day, started_at_ms, ended_at_ms, user, stored_events, \`turns.id\`,
                           \`steps.state\`, \`steps.wording\`, \`steps.turn\`, \`steps.engaged\`, chain_end, chain_explored)
     SELECT {tenant:String}, toString(session), 1, toDate({first:String}) + day AS on_day, toUnixTimestamp(on_day) * 1000,
            toUnixTimestamp(on_day) * 1000, concat('u', toString(user)), length(state),
            arrayMap(n -> toString(n), arrayEnumerate(state)) AS ids, state, state, ids, arrayMap(n -> 0, ids), chain_end, explored
     FROM file({path:String}, 'RowBinary', '${SESSION_COLUMNS}')`,
    { tenant, first: FIRST_DAY, path },
  );
  await warehouse.execute(
    `INSERT INTO day_marks SELECT tenant, day, 1, 1 FROM (SELECT DISTINCT tenant, day FROM sessions WHERE tenant = {tenant:String})`,
    { tenant },
  );
}

/** Marks one day as changed, as a late event would. */
export async function dirtyOneDay(warehouse: Warehouse, tenant: string): Promise<void> {
  await warehouse.execute('INSERT INTO day_marks VALUES ({tenant:String}, {day:Date}, 1, 1)', {
    tenant,
    day: FIRST_DAY,
  });
}
