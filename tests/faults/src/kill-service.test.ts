import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayReport } from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { heedJson } from '@heed/test-e2e';
import { openChdbWarehouse } from '@heed/warehouse-chdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountLine, differenceLine, expectedAccount } from './load/account.ts';
import { differenceFrom, NO_DIFFERENCE } from './load/count-exactly.ts';
import { expectedFacts } from './load/expected-facts.ts';
import { planLoad } from './load/planned-load.ts';
import { sendLoad } from './load/send-load.ts';
import { Strikes, type Fault } from './load/strikes.ts';
import { faultSeeds } from './seeds.ts';
import { StandaloneRig } from './standalone-rig.ts';

const SIZE = { lanes: 8, requestsPerLane: 30, sessions: 60 };
const TENANT = 'default';

describe('a service that is killed again and again while events come in', () => {
  let dataDir: string;
  let rig: StandaloneRig;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'heed-kill-service-'));
    rig = new StandaloneRig(dataDir);
    await rig.start();
  });
  afterEach(async () => {
    await rig.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each(faultSeeds())('has every acknowledged event once, seed %i', async (seed) => {
    const load = planLoad(seed, SIZE);
    const random = seededRandom(seed);
    const faults: readonly Fault[] = [
      rig.serviceKilled,
      rig.databaseKilled,
      random.pick([rig.bothKilled, rig.killedAsItStarts]),
    ];
    const strikes = new Strikes(random, load.counted.length, faults);
    const sent = await sendLoad(load, { url: rig.url, tenant: TENANT, strikes });
    await strikes.done();
    // Once more while nothing comes in: what is left to read is read by the next one.
    await rig.serviceKilled.strike(() => load.counted.length);

    const account = await rig.accountCaughtUp(TENANT);
    const { tables } = await heedJson(replayReport, ['replay', '--verify', '--data', dataDir]);
    await rig.stop();
    const warehouse = await openChdbWarehouse(dataDir);
    const difference = await differenceFrom(expectedFacts(load), warehouse, TENANT);
    await warehouse.close();
    console.log(`${accountLine(seed, account, sent, strikes)}; ${differenceLine(difference)}`);
    expect(difference).toEqual(NO_DIFFERENCE);
    expect(account).toMatchObject(expectedAccount(load));
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
  });
});
