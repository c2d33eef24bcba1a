import { replayReport } from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { heedJson } from '@heed/test-e2e';
import type { Warehouse } from '@heed/warehouse';
import { openClickHouseWarehouse } from '@heed/warehouse-clickhouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountLine, differenceLine, expectedAccount } from '../load/account.ts';
import { countErasures, differenceFrom, NO_DIFFERENCE } from '../load/count-exactly.ts';
import { expectedFacts } from '../load/expected-facts.ts';
import { planLoad, type PlannedLoad } from '../load/planned-load.ts';
import { sendLoad, type Sent } from '../load/send-load.ts';
import { Strikes } from '../load/strikes.ts';
import { expectedAfterWork, OVER_DAYS, planWorkedOn, RETENTION_DAYS } from '../load/worked-on.ts';
import { faultSeeds } from '../seeds.ts';
import { distributedFaults } from './distributed-faults.ts';
import { DistributedRig } from './distributed-rig.ts';
import { filesWith, tablesWith } from '../find-words.ts';
import { strikesAtWork } from './strikes-at-work.ts';

const SIZE = { lanes: 8, requestsPerLane: 60, sessions: 80 };
const FAULTS_A_SEED = 4;
/** Of the load; what comes after it goes on while the last fault is under way. */
const STRUCK_SHARE = 0.7;

describe('a Heed of several processes, on Kafka, PostgreSQL and ClickHouse', () => {
  let rig: DistributedRig;
  /** What each tenant must have for ever after. */
  const kept = new Map<string, readonly string[]>();
  beforeAll(async () => {
    rig = await DistributedRig.open();
  });
  afterAll(async () => {
    await rig.close();
  });

  const send = (load: PlannedLoad, tenant: string, strikes = noStrikes()): Promise<Sent> =>
    sendLoad(load, { url: rig.collectorUrl, tenant, strikes });

  const inWarehouse = async <Found>(look: (warehouse: Warehouse) => Promise<Found>): Promise<Found> => {
    const warehouse = await openClickHouseWarehouse({ url: rig.warehouseUrl });
    try {
      return await look(warehouse);
    } finally {
      await warehouse.close();
    }
  };

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
      const sent = await send(load, tenant, strikes);
      await strikes.done();

      const account = await rig.accountCaughtUp(tenant);
      kept.set(tenant, expectedFacts(load));
      const difference = await inWarehouse((warehouse) =>
        differenceFrom(expectedFacts(load), warehouse, tenant),
      );
      console.log(`${accountLine(seed, account, sent, strikes)}; ${differenceLine(difference)}`);
      expect(difference).toEqual(NO_DIFFERENCE);
      expect(account).toMatchObject(expectedAccount(load));
      expect(await rig.doctor()).toMatchObject({ balanced: true });
    },
  );

  it.each(faultSeeds())(
    'forgets and removes exactly what it is to, and rebuilds the same, whoever is killed at it under load, seed %i',
    async (seed) => {
      const tenant = `worked-on-${seed}`;
      const planned = planWorkedOn(seed);
      const { over, before, meanwhile, user, words, facts } = planned;
      await rig.setCollectorClock(OVER_DAYS);
      await send(over, tenant);
      await rig.setCollectorClock(0);
      await send(before, tenant);
      await rig.accountCaughtUp(tenant);
      expect(await inWarehouse((warehouse) => tablesWith(words, warehouse))).not.toEqual([]);

      const random = seededRandom(seed);
      const at = { tenant, user, retentionDays: RETENTION_DAYS };
      const struck = strikesAtWork(rig, seed, random, at);
      const strikes = new Strikes(random, meanwhile.counted.length * STRUCK_SHARE, struck);
      const sent = await send(meanwhile, tenant, strikes);
      await strikes.done();

      const account = await rig.accountCaughtUp(tenant);
      kept.set(tenant, facts);
      const { difference, erasures, withWords } = await inWarehouse(async (warehouse) => ({
        difference: await differenceFrom(facts, warehouse, tenant),
        erasures: await countErasures(warehouse, tenant),
        withWords: await tablesWith(words, warehouse),
      }));
      console.log(`${accountLine(seed, account, sent, strikes)}; ${differenceLine(difference)}`);
      expect(difference).toEqual(NO_DIFFERENCE);
      expect(account).toMatchObject(expectedAfterWork(planned, erasures, over.counted.length));
      expect([1, 2]).toContain(erasures);
      expect(withWords).toEqual([]);
      // That one may look for something: who was forgotten stands in the log.
      const [withThem, withUser] = filesWith([words, `"${user}"`], rig.foldersBeneath);
      expect(withThem).toBe(0);
      expect(withUser).toBeGreaterThan(0);
      const { tables } = await heedJson(replayReport, ['replay', '--verify', '--url', rig.controlUrl]);
      expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    },
  );

  it("has left everybody else's rows as they were", async () => {
    const differences = await inWarehouse((warehouse) =>
      Promise.all([...kept].map(([tenant, facts]) => differenceFrom(facts, warehouse, tenant))),
    );
    expect(differences).toEqual(differences.map(() => NO_DIFFERENCE));
    expect(kept.size).toBeGreaterThan(0);
  });
});

function noStrikes(): Strikes {
  return new Strikes(seededRandom(0), 1, []);
}
