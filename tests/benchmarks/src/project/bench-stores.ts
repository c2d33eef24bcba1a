import { createKafkaTopics, kafkaEventLog } from '@heed/event-log-kafka';
import { postgresEventLog } from '@heed/event-log-postgres';
import type { EventLog } from '@heed/events';
import { openEmbeddedPostgres, type EmbeddedPostgres, type Postgres } from '@heed/postgres';
import { ruleModels } from '@heed/sessions';
import { readWarehouseMigrations, type Warehouse, type WarehouseMigration } from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTopics } from '../raw-kafka.ts';
import { repositoryFolder } from '../repository-folder.ts';
import { appendToLog, fillLog, type LogShape } from './fill-log.ts';
import { memoryOfFamilyMiB } from './memory.ts';

export interface BenchStores {
  readonly postgres: EmbeddedPostgres;
  readonly log: EventLog;
  /** Puts the next events into the log. `progress` is told how many of them are in it. */
  readonly fill: (events: number, shape: LogShape, progress?: (filled: number) => void) => Promise<void>;
  /** Memory of the server that holds the log; null where that is not of the bench's own making. */
  readonly logServerMiB: () => number | null;
  readonly warehouse: Warehouse;
  readonly migrations: readonly WarehouseMigration[];
  /** For what else the bench writes; goes with the stores. */
  readonly folder: string;
}

export const RULES = { models: ruleModels };

/**
 * The embedded log, or one on Kafka where there are brokers, and the embedded warehouse, both new and empty, and gone when the work is done. What is
 * on Kafka has no database to fill it: its events are appended by this process.
 */
export async function withStores<T>(
  work: (stores: BenchStores) => Promise<T>,
  brokers?: readonly string[],
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'heed-bench-project-'));
  try {
    const migrations = readWarehouseMigrations(repositoryFolder('migrations', 'clickhouse'));
    const postgres = await openEmbeddedPostgres({ dataDir: folder, passClosedFolders: true });
    const warehouse = await openTemporaryWarehouse(migrations);
    const { remove, ...benchLog } =
      brokers === undefined ? inDatabase(postgres) : await onKafka(postgres, brokers);
    try {
      return await work({ postgres, ...benchLog, warehouse, migrations, folder });
    } finally {
      await benchLog.log.close();
      await remove();
      await warehouse.close();
      await postgres.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface BenchLog extends Pick<BenchStores, 'log' | 'fill' | 'logServerMiB'> {
  readonly remove: () => Promise<void>;
}

function inDatabase(postgres: EmbeddedPostgres): BenchLog {
  return {
    log: postgresEventLog(postgres),
    fill: (...asked) => fillLog(postgres, ...asked),
    logServerMiB: () => memoryOfFamilyMiB(postgres.serverPid()),
    remove: () => Promise.resolve(),
  };
}

async function onKafka(postgres: Postgres, brokers: readonly string[]): Promise<BenchLog> {
  const prefix = `heed-bench-${String(process.pid)}`;
  const settings = { brokers, topics: { prefix } };
  await createKafkaTopics(settings, settings.topics);
  const log = kafkaEventLog(settings);
  let filled = 0;
  return {
    log,
    fill: async (events, shape, progress) => {
      await appendToLog(postgres, log, events, shape, filled, progress);
      filled += events;
    },
    logServerMiB: () => null,
    remove: () => removeTopics(brokers, prefix),
  };
}
