import { fixId, sessionId, type TenantId } from '@heed/kernel';
import type {
  ChainCounts,
  ChainStore,
  MiningWindow,
  PairEvidence,
  ServedCounts,
  ServingFix,
  StatePair,
  StateText,
  WindowTotals,
} from '@heed/mining';
import { z } from 'zod';
import { chainColumns } from './chain-columns.ts';
import { SESSION_COUNT, SESSION_ID } from './count-sessions.ts';
import { inWindow } from './mining-days.ts';
import { dirtyDays, passesOver, recountDays } from './recount-days.ts';
import type { Warehouse } from './warehouse.ts';

const totalsRow = z.object({
  turns: z.coerce.number(),
  sessions: z.coerce.number(),
  outcomeModels: z.array(z.string()),
});
const countsRow = z.object({
  states: z.coerce.number(),
  transitions: z.coerce.number(),
  unlabelledEnds: z.coerce.number(),
});
const evidenceRow = z.object({
  from: z.coerce.bigint(),
  to: z.coerce.bigint(),
  wins: z.coerce.number(),
  losses: z.coerce.number(),
  unlabelled: z.coerce.number(),
  users: z.coerce.number(),
  explored: z.coerce.number(),
  sessionIds: z.array(z.string().transform(sessionId)),
});
const textRow = z.object({
  id: z.coerce.bigint(),
  state: z.string(),
  bestWording: z.string(),
  commonWording: z.string(),
});
const sourceRow = z.object({
  source: z.coerce.bigint(),
  sessions: z.coerce.number(),
  successes: z.coerce.number(),
});
const servedRow = sourceRow.extend({ fix: z.string().transform(fixId), state: z.coerce.bigint() });

/** Lets the work through when nobody else recounts. */
export type Alone = <T>(work: () => Promise<T>) => Promise<T>;

/** The chain of each tenant in a warehouse that `migrateWarehouse` has prepared. */
export class WarehouseChainStore implements ChainStore {
  readonly #warehouse: Warehouse;
  readonly #alone: Alone;
  #recounting: Promise<unknown> = Promise.resolve();

  /** One such store at a time may recount, unless `alone` keeps it apart from the others. */
  constructor(warehouse: Warehouse, alone: Alone = (work) => work()) {
    this.#warehouse = warehouse;
    this.#alone = alone;
  }

  /** Recounts wait for one another: they share the table in which they count. */
  recount(
    tenant: TenantId,
    progress: (done: number, of: number) => void = () => undefined,
  ): Promise<readonly string[]> {
    return this.exclusively(() => this.#recount(tenant, progress));
  }

  /** Does work under which no count may be begun or under way: it takes its turn among the recounts. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#recounting.then(() => this.#alone(work));
    this.#recounting = done.catch(() => undefined);
    return done;
  }

  async #recount(tenant: TenantId, progress: (done: number, of: number) => void): Promise<readonly string[]> {
    const dirty = await dirtyDays(this.#warehouse, tenant);
    let done = 0;
    for (const days of passesOver(dirty)) {
      await recountDays(this.#warehouse, tenant, days);
      done += days.length;
      progress(done, dirty.length);
    }
    return dirty.map(({ day }) => day);
  }

  async totals(tenant: TenantId, window: MiningWindow): Promise<WindowTotals> {
    const { sql, values } = inWindow(tenant, window);
    const [[said], [counted]] = await Promise.all([
      this.#warehouse.query(
        totalsRow,
        `SELECT sum(length(turns.id)) AS turns,
                ${SESSION_COUNT} AS sessions,
                arraySort(groupUniqArrayIf(toString(outcome_model), notEmpty(turns.id))) AS outcomeModels
         FROM sessions FINAL WHERE ${sql}`,
        values,
      ),
      this.#warehouse.query(
        countsRow,
        `SELECT uniqExact(from_id) AS states, countIf(to_id > 2) AS transitions,
                sumIf(taken, to_id = 0) AS unlabelledEnds
         FROM (SELECT from_id, to_id, sum(sessions) AS taken FROM transitions WHERE ${sql} GROUP BY from_id, to_id)`,
        values,
      ),
    ]);
    const nothing = {
      turns: 0,
      sessions: 0,
      states: 0,
      transitions: 0,
      unlabelledEnds: 0,
      outcomeModels: [],
    };
    return { ...nothing, ...said, ...counted };
  }

  async counts(tenant: TenantId, window: MiningWindow, decayPerDay: number): Promise<ChainCounts> {
    const { sql, values } = inWindow(tenant, window);
    const weight =
      decayPerDay === 1
        ? 'sessions'
        : `sessions * pow({decay:Float64}, assumeNotNull(dateDiff('day', day, (SELECT max(day) FROM transitions WHERE ${sql}))))`;
    const rows = await this.#warehouse.queryBinary(
      `SELECT from_id, to_id, toFloat64(sum(${weight})) AS weight
       FROM transitions WHERE ${sql} GROUP BY from_id, to_id ORDER BY from_id, to_id`,
      { ...values, decay: decayPerDay },
    );
    return chainColumns(rows);
  }

  async evidence(
    tenant: TenantId,
    window: MiningWindow,
    pairs: readonly StatePair[],
    sessionIdsPerPair: number,
  ): Promise<readonly PairEvidence[]> {
    if (pairs.length === 0) return [];
    const { sql, values } = inWindow(tenant, window);
    const asked = '(SELECT arrayJoin(arrayZip({froms:Array(UInt64)}, {tos:Array(UInt64)})))';
    return this.#warehouse.query(
      evidenceRow,
      `SELECT toString(from_id) AS \`from\`, toString(to_id) AS \`to\`,
              countIf(chain_end = 'success') AS wins, countIf(chain_end = 'failure') AS losses,
              countIf(chain_end = 'unlabelled') AS unlabelled, uniqExact(cityHash64(user)) AS users, countIf(explored) AS explored,
              arrayDistinct(groupArraySorted(${Math.max(1, Math.trunc(sessionIdsPerPair))})(${SESSION_ID})) AS sessionIds
       FROM
       (
           SELECT session, user, chain_end, chain_ids[-1] AS to_id,
                  arrayJoin(arrayDistinct(arrayPopBack(chain_ids))) AS from_id,
                  chain_explored OR arrayExists(
                      (id, engaged) -> id = from_id AND engaged, arrayPopBack(chain_ids), arrayPopBack(steps.engaged)
                  ) AS explored
           FROM sessions FINAL
           WHERE ${sql} AND to_id IN {tos:Array(UInt64)} AND (from_id, to_id) IN ${asked}
       )
       GROUP BY from_id, to_id ORDER BY from_id, to_id`,
      { ...values, froms: pairs.map(({ from }) => from), tos: pairs.map(({ to }) => to) },
    );
  }

  /** Wordings are read from the sessions themselves: only those of states that are asked for are ever needed. */
  async texts(
    tenant: TenantId,
    window: MiningWindow,
    states: readonly bigint[],
  ): Promise<readonly StateText[]> {
    if (states.length === 0) return [];
    const { sql, values } = inWindow(tenant, window);
    return this.#warehouse.query(
      textRow,
      `SELECT toString(id) AS id, any(state) AS state,
              argMin(wording, (-successes, -used, wording)) AS bestWording, argMin(wording, (-used, wording)) AS commonWording
       FROM
       (
           SELECT id, wording, any(state) AS state, toInt64(count()) AS used,
                  toInt64(countIf(chain_end = 'success' AND step = length(chain_ids))) AS successes
           FROM sessions FINAL
           ARRAY JOIN chain_ids AS id, steps.wording AS wording, steps.state AS state, arrayEnumerate(chain_ids) AS step
           WHERE ${sql} AND id IN {states:Array(UInt64)}
           GROUP BY id, wording
       )
       GROUP BY id ORDER BY id`,
      { ...values, states },
    );
  }

  async served(
    tenant: TenantId,
    window: MiningWindow,
    fixes: readonly ServingFix[],
  ): Promise<readonly ServedCounts[]> {
    const { sql, values } = inWindow(tenant, window);
    const served = await this.#warehouse.query(
      servedRow,
      `SELECT name[-1] AS fix, toString(cityHash64(served)) AS state,
              toString(cityHash64(arrayStringConcat(arrayPopBack(name), char(31)))) AS source,
              countIf(chain_end != 'unlabelled' AND ended_at_ms >= {sinces:Array(UInt64)}[indexOf({fixes:Array(String)}, name[-1])]) AS sessions,
              countIf((chain_end != 'unlabelled' AND ended_at_ms >= {sinces:Array(UInt64)}[indexOf({fixes:Array(String)}, name[-1])]) AND chain_end = 'success' AND steps.state[-1] = served) AS successes
       FROM sessions FINAL ARRAY JOIN served_states AS served, arrayMap(one -> splitByChar(char(31), one), served_states) AS name
       WHERE ${sql} GROUP BY served, name ORDER BY served`,
      { ...values, fixes: fixes.map(({ id }) => id), sinces: fixes.map(({ sinceMs }) => BigInt(sinceMs)) },
    );
    if (served.length === 0) return [];
    const reached = await this.#warehouse.query(
      sourceRow,
      `SELECT toString(id) AS source, countIf(chain_end != 'unlabelled') AS sessions, countIf(chain_end = 'success' AND id = chain_ids[-1]) AS successes
       FROM sessions FINAL ARRAY JOIN arrayDistinct(chain_ids) AS id
       WHERE ${sql} AND id IN {sources:Array(UInt64)} GROUP BY id`,
      { ...values, sources: served.map(({ source }) => source) },
    );
    const bySource = new Map(reached.map((row) => [row.source, row]));
    return served.map(({ source, ...row }) => ({
      ...row,
      sourceSessions: bySource.get(source)?.sessions ?? 0,
      sourceSuccesses: bySource.get(source)?.successes ?? 0,
    }));
  }
}
