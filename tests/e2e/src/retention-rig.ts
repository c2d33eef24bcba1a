import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Accounting } from '@heed/contract';
import { logEntryOf, redrivenEntry, type EventLog } from '@heed/events';
import { eventId, sessionId, tenantId } from '@heed/kernel';
import { accountFor, Retention } from '@heed/operations';
import { jsonLog, PROJECTOR_GROUP } from '@heed/platform';
import { ExpireSessions, Projector, ReplayLog, type LetGo } from '@heed/projector';
import type { RetentionStore } from '@heed/retention';
import { ruleModels, type RebuiltTable } from '@heed/sessions';
import {
  readWarehouseMigrations,
  SqlExpirableRows,
  SqlWarehouseCopies,
  SqlWarehouseReader,
  WarehouseChainStore,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { z } from 'zod';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../migrations/clickhouse', import.meta.url)),
);

export const KEPT_TENANT = tenantId('kept');
const DAY_MS = 86_400_000;
export const FIRST_DAY_MS = Date.UTC(2026, 0, 1);

const sessionRow = z.object({ session: z.string() });

/** From the log to the warehouse with the real parts, a clock that is told, and a retention that may be cut off. */
export interface RetentionRig {
  readonly warehouse: Warehouse;
  readonly retention: Retention;
  readonly log: EventLog;
  /** Sets the clock to so many days after the first. */
  day(days: number): void;
  /** Appends bodies as received now, and waits until they are projected. */
  send(...bodies: readonly string[]): Promise<void>;
  /** Notes that an event took the place of a dead letter. */
  noteRedriven(letter: string, event: string): Promise<void>;
  /** From now on the removal is cut off after so many steps, before or after what the step does; never when null. */
  cutOffAfter(steps: number | null): void;
  account(): Promise<Accounting | undefined>;
  rebuild(purpose: 'compare' | 'replace'): Promise<readonly RebuiltTable[]>;
  sessions(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** `remove` takes entries out of the log; without it the log keeps them. */
export async function retentionRig(
  log: EventLog,
  store: RetentionStore,
  days: number,
  remove?: LetGo,
): Promise<RetentionRig> {
  const warehouse = await openTemporaryWarehouse(migrations);
  const chains = new WarehouseChainStore(warehouse);
  // Parts are small, so that there are sessions of several.
  const rules = { models: ruleModels, partEvents: 3 };
  const silent = jsonLog('silent', () => undefined);
  const projector = new Projector(
    log,
    new WarehouseSessionStore(warehouse),
    { ...rules, maxBatch: 50 },
    silent,
  );
  const whilePaused = <T>(work: () => Promise<T>): Promise<T> => projector.whilePaused(work);
  let stepsLeft: number | null = null;
  const step = <T>(work: () => Promise<T>): Promise<T> => {
    if (stepsLeft === null) return work();
    stepsLeft -= 1;
    return stepsLeft < 0 ? Promise.reject(new Error('cut off')) : work();
  };
  const rows = new SqlExpirableRows(cutOff(warehouse, step));
  const letGo: LetGo = remove ?? ((tenant, positions) => rows.noteExpired(tenant, positions));
  const live = new ExpireSessions(rows, rules, (...args) => step(() => letGo(...args)));
  const reader = new SqlWarehouseReader(warehouse, (work) => chains.exclusively(work));
  const copies = new SqlWarehouseCopies(warehouse, migrations, chains);
  const replay = new ReplayLog({
    ...{ log, copies, rules, whilePaused },
    retention: { horizons: () => store.horizons(), live },
  });
  let nowMs = FIRST_DAY_MS;
  const clock = { nowMs: () => nowMs };
  const settings = { days, everyMs: DAY_MS };
  const retention = new Retention({
    ...{ log, store, warehouse: live, chains, whilePaused, clock, journal: silent, settings },
  });
  projector.start();
  return {
    ...{ warehouse, retention, log },
    day: (after) => (nowMs = FIRST_DAY_MS + after * DAY_MS),
    send: async (...bodies) => {
      const received = bodies.map((body) => ({ tenant: KEPT_TENANT, receivedAtMs: nowMs, body }));
      await log.append(received.map((one) => logEntryOf(one, { sha256 }).entry));
      await projector.whenCaughtUp();
    },
    noteRedriven: async (letter, id) => {
      const event = { id: eventId(id), session: sessionId('s') };
      await log.append([
        redrivenEntry({ tenant: KEPT_TENANT, receivedAtMs: nowMs, letter, event }, { sha256 }),
      ]);
      await projector.whenCaughtUp();
    },
    cutOffAfter: (steps) => (stepsLeft = steps),
    account: async () =>
      (await accountFor(log, reader, PROJECTOR_GROUP)).find(({ tenant }) => tenant === KEPT_TENANT),
    rebuild: async (purpose) => (await replay.run(purpose, () => undefined)).tables,
    sessions: async () => {
      const found = await warehouse.query(sessionRow, 'SELECT session FROM sessions FINAL ORDER BY session');
      return found.map(({ session }) => session);
    },
    close: async () => {
      await projector.stop();
      await warehouse.close();
      await log.close();
    },
  };
}

/** The same warehouse, whose every change is a step. */
function cutOff(warehouse: Warehouse, step: <T>(work: () => Promise<T>) => Promise<T>): Warehouse {
  return {
    database: warehouse.database,
    query: (row, sql, values) => warehouse.query(row, sql, values),
    queryBinary: (sql, values) => warehouse.queryBinary(sql, values),
    insert: (...args) => step(() => warehouse.insert(...args)),
    execute: (...args) => step(() => warehouse.execute(...args)),
    answers: () => warehouse.answers(),
    inDatabase: (name) => warehouse.inDatabase(name),
    close: () => warehouse.close(),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
