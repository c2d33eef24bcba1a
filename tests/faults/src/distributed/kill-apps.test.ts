import { seededRandom } from '@heed/kernel';
import { openClickHouseWarehouse } from '@heed/warehouse-clickhouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountLine, differenceLine, expectedAccount } from '../load/account.ts';
import { differenceFrom, NO_DIFFERENCE } from '../load/count-exactly.ts';
import { planLoad } from '../load/planned-load.ts';
import { sendLoad } from '../load/send-load.ts';
import { Strikes } from '../load/strikes.ts';
import { faultSeeds } from '../seeds.ts';
import { distributedFaults } from './distributed-faults.ts';
import { DistributedRig } from './distributed-rig.ts';

const SIZE = { lanes: 8, requestsPerLane: 60, sessions: 80 };
const FAULTS_A_SEED = 4;
/** Of the load; what comes after it goes on while the last fault is under way. */
const STRUCK_SHARE = 0.7;

describe('a Heed of several processes, on Kafka, PostgreSQL and ClickHouse', () => {
  let rig: DistributedRig;
  beforeAll(async () => {
    rig = await DistributedRig.open();
  });
  afterAll(async () => {
    await rig.close();
  });

  it.each(faultSeeds())(
    'has every acknowledged event once, whatever is killed or sleeps, seed %i',
    async (seed) => {
      const tenant = `seed-${seed}`;
      const all = distributedFaults(rig);
      // Seeds that follow each other go round: three of them have met every fault.
      const faults = Array.from(
        { length: FAULTS_A_SEED },
        (_, nth) => all[((seed - 1) * FAULTS_A_SEED + nth) % all.length],
      ).filter((fault) => fault !== undefined);
      const load = planLoad(seed, SIZE);
      const strikes = new Strikes(seededRandom(seed), load.counted.length * STRUCK_SHARE, faults);
      const sent = await sendLoad(load, { url: rig.collectorUrl, tenant, strikes });
      await strikes.done();

      const account = await rig.accountCaughtUp(tenant);
      const warehouse = await openClickHouseWarehouse({ url: rig.warehouseUrl });
      const difference = await differenceFrom(load, warehouse, tenant);
      await warehouse.close();
      console.log(`${accountLine(seed, account, sent, strikes)}; ${differenceLine(difference)}`);
      expect(difference).toEqual(NO_DIFFERENCE);
      expect(account).toMatchObject(expectedAccount(load));
      expect(await rig.doctor()).toMatchObject({ balanced: true });
    },
  );
});
