import type { TenantId } from '@heed/kernel';
import type { LogPiece, LogScores, LogWindow, Reading, ScoredLog, ScoredSession } from '@heed/rewards';
import { z } from 'zod';
import { deleteRows } from './delete-rows.ts';
import { encodeRows, type Cell } from './encode-rows.ts';
import { inWindow } from './mining-days.ts';
import { MODEL_SAYS, scoresByDay, scoresByPolicy, STAND, STOOD } from './scored-log-statements.ts';
import { TEXT_BYTES_AT_ONCE } from './session-turns.ts';
import { sessionsToScore } from './sessions-to-score.ts';
import type { Warehouse } from './warehouse.ts';

const number = z.coerce.number();
const countRow = z.object({ sessions: number });
const nameRow = z.object({ session: z.string() });
const standRow = z.object({ session: z.string(), stand: z.string() });
const dayRow = z.object({
  day: z.string(),
  turns: number,
  scored: number,
  leftOut: number,
  /** Of all its scores. */
  total: number,
});
const policyRow = z.object({
  responseModel: z.string(),
  servedFix: z.string(),
  scored: number,
  meanScore: number,
});

/** Sessions of which it is looked up at once whether they are scored, and of which the texts are read at once; of long ones fewer. */
const SIZES = { lookedUp: 5000, read: 500, textBytes: TEXT_BYTES_AT_ONCE };

const HAS_TURNS = 'notEmpty(turns.id)';
const COLUMNS = ['tenant', 'model', 'session', 'said', 'done', 'scores', 'logits'];

/** Scores in a warehouse that `migrateWarehouse` has prepared. What reading them costs grows with the sessions of the window, of which the day of each of the tenant's is looked at, and with the scores of these. */
export class WarehouseScoredLog implements ScoredLog {
  readonly #warehouse: Warehouse;
  readonly #sizes: typeof SIZES;

  constructor(warehouse: Warehouse, sizes = SIZES) {
    this.#warehouse = warehouse;
    this.#sizes = sizes;
  }

  async size(tenant: TenantId, window: LogWindow): Promise<number> {
    const { sql, values } = inWindow(tenant, window);
    const [row] = await this.#warehouse.query(
      countRow,
      `SELECT count() AS sessions FROM sessions FINAL WHERE ${sql} AND ${HAS_TURNS}`,
      values,
    );
    return row?.sessions ?? 0;
  }

  async *read(
    tenant: TenantId,
    model: string,
    window: LogWindow,
    reading: Reading,
  ): AsyncGenerator<LogPiece> {
    const { sql, values } = inWindow(tenant, window);
    let after = '';
    for (;;) {
      const found = await this.#warehouse.query(
        standRow,
        `SELECT session, ${STAND[reading]} AS stand FROM sessions FINAL
         WHERE ${sql} AND ${HAS_TURNS} AND session > {after:String} ORDER BY session LIMIT {limit:UInt64}`,
        { ...values, after, limit: this.#sizes.lookedUp },
      );
      const last = found.at(-1)?.session;
      if (last === undefined) return;
      const scored = await this.#scoredBetween(tenant, model, after, last);
      const names = found.filter(({ session, stand }) => scored.get(session) !== stand);
      yield { sessions: found.length - names.length, unscored: [] };
      yield* this.#toScore(
        tenant,
        names.map(({ session }) => session),
        reading,
      );
      after = last;
    }
  }

  async *#toScore(tenant: TenantId, names: readonly string[], reading: Reading): AsyncGenerator<LogPiece> {
    const { read, textBytes } = this.#sizes;
    let rest = names;
    while (rest.length > 0) {
      const some = rest.slice(0, read);
      const unscored = await sessionsToScore(this.#warehouse, tenant, some, reading, textBytes);
      const last = unscored.at(-1)?.session;
      // Where none came, all of them are gone.
      const sessions = last === undefined ? some.length : some.indexOf(last) + 1;
      yield { sessions, unscored };
      rest = rest.slice(sessions);
    }
  }

  /** Whoever removes a session takes its scores last: either he finds these, or the look afterwards finds the session gone. */
  async keep(tenant: TenantId, model: string, sessions: readonly ScoredSession[]): Promise<void> {
    if (sessions.length === 0) return;
    const rows = sessions.map((one): readonly Cell[] => [tenant, model, ...cellsOf(one)]);
    await this.#warehouse.insert('scored_sessions', COLUMNS, encodeRows(rows));
    const names = sessions.map(({ session }) => session);
    const there = await this.#warehouse.query(
      nameRow,
      'SELECT DISTINCT session FROM sessions WHERE tenant = {tenant:String} AND session IN {names:Array(String)}',
      { tenant, names },
    );
    const remaining = new Set(there.map(({ session }) => session));
    const gone = names.filter((name) => !remaining.has(name));
    if (gone.length === 0) return;
    await deleteRows(this.#warehouse, 'scored_sessions', 'session IN {gone:Array(String)}', { tenant, gone });
  }

  async scores(tenant: TenantId, model: string, window: LogWindow): Promise<LogScores> {
    const { sql, values } = inWindow(tenant, window);
    const asked = { ...values, model };
    const isBounded = window.since !== undefined || window.until !== undefined;
    const sessions = { sql: `${sql} AND ${HAS_TURNS}`, isBounded };
    const days = await this.#warehouse.query(dayRow, scoresByDay(sessions), asked);
    const byPolicy = await this.#warehouse.query(policyRow, scoresByPolicy(sessions), asked);
    const sum = (of: 'turns' | 'scored' | 'leftOut' | 'total'): number =>
      days.reduce((all, day) => all + day[of], 0);
    const [turns, scored, leftOut] = [sum('turns'), sum('scored'), sum('leftOut')];
    return {
      ...{ turns, scored, leftOut },
      waiting: turns - scored - leftOut,
      meanScore: meanOf(sum('total'), scored),
      byDay: days.map(({ day, ...of }) => ({
        ...{ day, turns: of.turns, scored: of.scored },
        meanScore: meanOf(of.total, of.scored),
      })),
      byPolicy,
    };
  }

  async #scoredBetween(
    tenant: TenantId,
    model: string,
    after: string,
    last: string,
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#warehouse.query(
      standRow,
      `SELECT session, ${STOOD} AS stand FROM scored_sessions FINAL
       WHERE ${MODEL_SAYS} AND session > {after:String} AND session <= {last:String}`,
      { tenant, model, after, last },
    );
    return new Map(rows.map(({ session, stand }) => [session, stand]));
  }
}

function cellsOf({ session, said, scores }: ScoredSession): readonly Cell[] {
  const [whatWasSaid = '', whatWasDone = '0'] = said.split('.');
  return [
    session,
    whatWasSaid,
    whatWasDone,
    scores.map((score) => score?.probability ?? null),
    scores.map((score) => score?.logit ?? null),
  ];
}

function meanOf(total: number, scored: number): number | null {
  return scored === 0 ? null : total / scored;
}
