import { tenantId, type TenantId } from '@heed/kernel';
import {
  RECENT_DAYS,
  type ObservedTurn,
  type Reading,
  type RetractedTurn,
  type WatchedLog,
} from '@heed/rewards';
import { z } from 'zod';
import { inPieces } from './in-pieces.ts';
import { observedTurnsOf } from './observed-turns.ts';
import { retractedTurnsOf } from './retracted-turns.ts';
import type { Warehouse } from './warehouse.ts';

const tenantRow = z.object({ tenant: z.string() });
const nameRow = z.object({ session: z.string() });
const sizeRow = nameRow.extend({ turns: z.coerce.number() });

const DAY_MS = 86_400_000;

/** Sessions read at once: some thousand turns. */
const SESSIONS_AT_ONCE = 500;

export class WarehouseWatchedLog implements WatchedLog {
  readonly #warehouse: Warehouse;

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  async tenants(): Promise<readonly TenantId[]> {
    const rows = await this.#warehouse.query(
      tenantRow,
      'SELECT DISTINCT tenant FROM sessions ORDER BY tenant',
      {},
    );
    return rows.map(({ tenant }) => tenantId(tenant));
  }

  /** Reads whole sessions until they have as many turns; the turns of a session more may be held. */
  async recent(
    tenant: TenantId,
    reading: Reading,
    sinceMs: number,
    most: number,
  ): Promise<readonly ObservedTurn[]> {
    const recent = await this.#warehouse.query(
      sizeRow,
      `SELECT session, length(turns.id) AS turns FROM sessions FINAL
       WHERE tenant = {tenant:String} AND notEmpty(turns.id) AND ended_at_ms > greatest({sinceMs:Int64},
         (SELECT max(ended_at_ms) FROM sessions WHERE tenant = {tenant:String}) - {recentMs:Int64})
       ORDER BY cityHash64(session), session LIMIT {most:UInt64}`,
      { tenant, sinceMs, most, recentMs: RECENT_DAYS * DAY_MS },
    );
    let turns = 0;
    const enough = recent.filter(({ turns: own }) => {
      const isWanted = turns < most;
      turns += own;
      return isWanted;
    });
    const found: ObservedTurn[] = [];
    for (const some of inPieces(enough, SESSIONS_AT_ONCE)) {
      const names = some.map(({ session }) => session);
      for (const turn of await observedTurnsOf(this.#warehouse, tenant, names, reading))
        if (turn.atMs > sinceMs) found.push(turn);
    }
    return found.slice(0, most).sort((a, b) => a.atMs - b.atMs || (a.event < b.event ? -1 : 1));
  }

  retracted(tenant: TenantId, sinceMs: number): AsyncIterable<readonly RetractedTurn[]> {
    return retractedTurnsOf(this.#warehouse, tenant, sinceMs);
  }
}
