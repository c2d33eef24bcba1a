import { fileURLToPath } from 'node:url';
import { tenantId } from '@heed/kernel';
import type { LogWindow } from '@heed/rewards';
import { readWarehouseMigrations, WarehouseScoredLog, type Warehouse } from '@heed/warehouse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openTemporaryWarehouse } from './open-temporary-warehouse.ts';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);
const [TENANT, MODEL] = [tenantId('shop'), 'love-1'];
const SESSIONS = 20_000;
/** Session names rise with time, as those do that begin with it: a day lies together. */
const PER_DAY = 500;

const planRow = z.object({ explain: z.string() });

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openTemporaryWarehouse(migrations);
  const values = { tenant: TENANT, model: MODEL, sessions: SESSIONS, perDay: PER_DAY };
  const name = `leftPad(toString(number), 8, '0')`;
  await warehouse.execute(
    `INSERT INTO sessions (tenant, session, version, day, turns.id, turns.response_model, turns.served_fix)
     SELECT {tenant:String}, ${name}, 1, toDate('2026-03-01') + intDiv(number, {perDay:UInt64}), ['t'], ['small'], ['']
     FROM numbers({sessions:UInt64})`,
    values,
  );
  await warehouse.execute(
    `INSERT INTO scored_sessions (tenant, model, session, said, scores, logits)
     SELECT tenant, {model:String}, session, said, [0.5], [0] FROM sessions`,
    values,
  );
});
afterAll(() => warehouse.close());

/** Of each statement by which scores are told, the granules of `scored_sessions` that are read, and all there are. */
async function granules(window: LogWindow): Promise<readonly (readonly number[])[]> {
  const plans: string[] = [];
  const explaining: Warehouse = {
    database: warehouse.database,
    query: async (_, sql, values) => {
      const lines = await warehouse.query(planRow, `EXPLAIN indexes = 1 ${sql}`, values);
      plans.push(lines.map(({ explain }) => explain).join(' '));
      return [];
    },
    queryBinary: warehouse.queryBinary.bind(warehouse),
    insert: warehouse.insert.bind(warehouse),
    execute: warehouse.execute.bind(warehouse),
    answers: warehouse.answers.bind(warehouse),
    inDatabase: warehouse.inDatabase.bind(warehouse),
    close: () => Promise.resolve(),
  };
  await new WarehouseScoredLog(explaining).scores(TENANT, MODEL, window);
  return plans.map((plan) => {
    const [, read, all] = /scored_sessions\).*Granules: (\d+)\/(\d+)/u.exec(plan) ?? [];
    return [Number(read), Number(all)];
  });
}

it('scores of a day are told without those of the sessions of other days', async () => {
  const day = { since: '2026-03-10', until: '2026-03-11' };
  expect(await new WarehouseScoredLog(warehouse).scores(TENANT, MODEL, day)).toMatchObject({
    ...{ turns: PER_DAY, scored: PER_DAY, waiting: 0, meanScore: 0.5 },
    byPolicy: [{ responseModel: 'small', scored: PER_DAY }],
  });
  const whole = await granules({});
  for (const [read, all] of whole) expect(read).toBe(all);
  for (const [read, all = 0] of await granules(day)) {
    expect(read).toBeLessThanOrEqual(2);
    expect(all).toBeGreaterThan(10);
  }
  expect(whole).toHaveLength(2);
});
