import { fileURLToPath } from 'node:url';
import { GroupCommit, Intake } from '@heed/collector';
import type { Accounting, IngestResult } from '@heed/contract';
import { DEFAULT_EVENT_LIMITS } from '@heed/events';
import { tenantId, type TenantId } from '@heed/kernel';
import { accountFor } from '@heed/operations';
import { jsonLog, PROJECTOR_GROUP } from '@heed/platform';
import { Projector, ReplayLog } from '@heed/projector';
import { ruleModels, type OrphanBounds, type RebuiltTable } from '@heed/sessions';
import { inMemoryEventLog } from '@heed/testing';
import {
  readWarehouseMigrations,
  SqlWarehouseCopies,
  SqlWarehouseReader,
  WarehouseChainStore,
  WarehouseSessionStore,
} from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../migrations/clickhouse', import.meta.url)),
);

export const MINUTE_MS = 60_000;

/** From the edge to the warehouse with the real parts and a clock that stands still until it is told to go. */
export interface Rig {
  readonly reader: SqlWarehouseReader;
  /** Sends events and waits until they are projected. */
  send(events: readonly object[], tenant?: TenantId): Promise<readonly IngestResult[]>;
  redrive(letter: string, event: object): Promise<IngestResult>;
  /** Moves the edge's clock. */
  pass(minutes: number): void;
  account(tenant?: TenantId): Promise<Accounting | undefined>;
  /** Tables of a warehouse rebuilt from the log that differ from the live one. */
  differing(): Promise<readonly string[]>;
  replaceByReplay(): Promise<readonly RebuiltTable[]>;
  close(): Promise<void>;
}

export const RIG_TENANT = tenantId('tenant');
export const RIG_STARTS_MS = Date.UTC(2026, 3, 1);

export async function deadLetterRig(orphans?: OrphanBounds): Promise<Rig> {
  const log = inMemoryEventLog();
  const warehouse = await openTemporaryWarehouse(migrations);
  const chains = new WarehouseChainStore(warehouse);
  const reader = new SqlWarehouseReader(warehouse, (work) => chains.exclusively(work), orphans);
  const rules = { models: ruleModels };
  const silent = jsonLog('silent', () => undefined);
  const projector = new Projector(
    log,
    new WarehouseSessionStore(warehouse),
    { ...rules, maxBatch: 7 },
    silent,
  );
  const replay = new ReplayLog({
    log,
    copies: new SqlWarehouseCopies(warehouse, migrations, chains),
    rules,
    whilePaused: (work) => projector.whilePaused(work),
  });
  const limits = { maxBatch: 100, maxAppends: 1, maxBatchChars: 1e7, maxWaiting: 1000, maxWaitingChars: 1e8 };
  let nowMs = RIG_STARTS_MS;
  const intake = new Intake(
    new GroupCommit(log, limits),
    { nowMs: () => nowMs },
    { event: DEFAULT_EVENT_LIMITS, maxBatchEvents: 1000 },
  );
  projector.start();
  return {
    reader,
    send: async (events, tenant = RIG_TENANT) => {
      const results = await intake.accept(
        tenant,
        events.map((event) => JSON.stringify(event)),
      );
      await projector.whenCaughtUp();
      return results;
    },
    redrive: async (letter, event) => {
      const result = await intake.redrive(RIG_TENANT, letter, JSON.stringify(event));
      await projector.whenCaughtUp();
      return result;
    },
    pass: (minutes) => {
      nowMs += minutes * MINUTE_MS;
    },
    account: async (tenant = RIG_TENANT) =>
      (await accountFor(log, reader, PROJECTOR_GROUP)).find((account) => account.tenant === tenant),
    differing: async () =>
      (await replay.run('compare', () => undefined)).tables
        .filter(({ equal }) => equal !== true)
        .map(({ table }) => table),
    replaceByReplay: async () => (await replay.run('replace', () => undefined)).tables,
    close: async () => {
      await projector.stop();
      await warehouse.close();
      await log.close();
    },
  };
}
