import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openClickHouseWarehouse } from './open-clickhouse-warehouse.ts';
import { clusterSettings } from './session-settings.ts';

/** A parameter of the HTTP interface, which is no setting of the engine. */
const OF_THE_INTERFACE = 'wait_end_of_query';

describe('the settings of a session', () => {
  let front: ClickHouseFront;
  beforeAll(async () => {
    front = await openClickHouseFront();
  });
  afterAll(async () => {
    await front.close();
  });

  it('are settings that the engine knows', async () => {
    const warehouse = await openClickHouseWarehouse({ url: front.url });
    const known = await warehouse.query(z.object({ name: z.string() }), 'SELECT name FROM system.settings');
    const names = new Set(known.map(({ name }) => name));
    const unknown = Object.keys(clusterSettings(3)).filter((name) => !names.has(name));
    expect(unknown).toEqual([OF_THE_INTERFACE]);
    await warehouse.close();
  });

  it('have a cluster answer when every replica has the rows', async () => {
    const warehouse = await openClickHouseWarehouse({ url: front.url, cluster: 'heed' });
    const begun = front.requests.length;
    await warehouse.query(z.object({}), 'SELECT 1 AS x');
    expect(
      front.requests.slice(begun).map(({ params }) => params.get('distributed_foreground_insert')),
    ).toEqual(['1']);
    await warehouse.close();
    expect(clusterSettings(3)).toMatchObject({ insert_quorum: '3' });
    expect(clusterSettings(1)).not.toHaveProperty('insert_quorum');
  });
});
