import { Fault } from '@heed/kernel';
import type { Warehouse } from '@heed/warehouse';
import { z } from 'zod';
import { ClickHouseWarehouse, type ServerProfile } from './clickhouse-warehouse.ts';
import { clickHouseName, clickHouseUrl, type ClickHouseServer } from './clickhouse-server.ts';
import { clusterStatements } from './cluster-statements.ts';
import { clusterSettings, SESSION_SETTINGS } from './session-settings.ts';

/** The door to a server before any database of Heed's is there: a user's own. */
const DOOR = 'default';

const ALONE: ServerProfile = { settings: SESSION_SETTINGS, statements: (sql) => [sql] };

const clusterRow = z.object({ replicas: z.coerce.number() });

/**
 * Opens a database of a ClickHouse server, making it if it is not there. Tables are not made here; see `migrateWarehouse`,
 * which on a cluster makes them on every node.
 *
 * Faults: those of `Warehouse`; `warehouse-unavailable` when the server cannot be reached, is silent, or is no ClickHouse;
 * `warehouse-denied` when it does not let Heed in; `warehouse-cluster-unknown`.
 */
export async function openClickHouseWarehouse(server: ClickHouseServer): Promise<Warehouse> {
  clickHouseUrl.parse(server.url);
  const alone = new ClickHouseWarehouse(server, DOOR, ALONE);
  try {
    if (server.cluster === undefined) return await alone.inDatabase(server.database ?? 'heed');
    const door = new ClickHouseWarehouse(server, DOOR, await clusterProfile(alone, server.cluster));
    try {
      return await door.inDatabase(server.database ?? 'heed');
    } finally {
      await door.close();
    }
  } finally {
    await alone.close();
  }
}

/**
 * Moves a warehouse that is half-written (`warehouse-broken`) out of the way under another name, and returns it. Nothing is
 * lost with it: opened again it is empty, and replaying the log fills it. The warehouse given is closed.
 */
export async function setAsideClickHouseWarehouse(warehouse: Warehouse): Promise<string> {
  const names = await warehouse.query(z.object({ name: z.string() }), 'SELECT name FROM system.databases');
  const taken = new Set(names.map(({ name }) => name));
  let n = 1;
  while (taken.has(`${warehouse.database}_broken_${n}`)) n++;
  const aside = `${warehouse.database}_broken_${n}`;
  await warehouse.execute(`RENAME DATABASE ${warehouse.database} TO ${aside}`);
  await warehouse.close();
  return aside;
}

async function clusterProfile(server: Warehouse, cluster: string): Promise<ServerProfile> {
  const name = clickHouseName.parse(cluster);
  const [found] = await server.query(
    clusterRow,
    'SELECT max(replica_num) AS replicas FROM system.clusters WHERE cluster = {name:String}',
    { name },
  );
  if (found === undefined || found.replicas === 0) {
    throw new Fault(
      'warehouse-cluster-unknown',
      `The ClickHouse server knows no cluster of the name ${name}.`,
      'Set HEED_CLICKHOUSE_CLUSTER to one that `SELECT DISTINCT cluster FROM system.clusters` names there, or leave it out.',
    );
  }
  return {
    settings: clusterSettings(found.replicas),
    statements: (sql, database) => clusterStatements(sql, { cluster: name, database }),
  };
}
