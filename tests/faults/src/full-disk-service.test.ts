import { join } from 'node:path';
import { replayReport } from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { heedJson } from '@heed/test-e2e';
import { openChdbWarehouse } from '@heed/warehouse-chdb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountLine, differenceLine, expectedAccount } from './load/account.ts';
import { differenceFrom, NO_DIFFERENCE } from './load/count-exactly.ts';
import { expectedFacts } from './load/expected-facts.ts';
import { planLoad } from './load/planned-load.ts';
import { sendLoad } from './load/send-load.ts';
import { Strikes, type Fault } from './load/strikes.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { StandaloneRig } from './standalone-rig.ts';
import { until } from './until.ts';

const SEED = 1;
const TENANT = 'default';
/** Of each time that the disk is full. */
const REFUSALS = 20;
/** What there is before and after each time; enough for the load, and quickly taken. */
const ROOM_BYTES = 80 * 1024 * 1024;

let disk: SmallDisk | undefined;
let rig: StandaloneRig | undefined;

beforeAll(async () => {
  disk = await mountSmallDisk(600);
});

afterAll(async () => {
  await rig?.stop();
  await disk?.remove();
});

it('refuses events while its disk is full, and has all that it acknowledged, once, when there is room', async (test) => {
  if (disk === undefined) return test.skip('needs a small disk of its own, and only root may mount one');
  const { folder, leave } = disk;
  const dataDir = join(folder, 'data');
  const service = new StandaloneRig(dataDir);
  rig = service;
  await service.start();
  await leave(ROOM_BYTES);

  const over = new AbortController();
  let refusals = 0;
  const untilRefused = async (): Promise<void> => {
    const before = refusals;
    await until(
      `${REFUSALS} more requests are refused`,
      () => refusals,
      (now) => now >= before + REFUSALS || over.signal.aborted,
    );
  };
  const full = (name: string, meanwhile: () => Promise<unknown>, then: () => Promise<void>): Fault => ({
    name,
    needsEvents: Infinity,
    strike: async () => {
      await leave(0);
      await untilRefused();
      await meanwhile();
      await leave(ROOM_BYTES);
      await then();
    },
  });
  const nothing = (): Promise<void> => Promise.resolve();
  const faults = [
    full('the disk fills', nothing, nothing),
    full(
      'the disk fills and the service is killed',
      () => service.service.stop('SIGKILL'),
      () => service.start(),
    ),
  ];
  const load = planLoad(SEED, { lanes: 8, requestsPerLane: 80, sessions: 60, moreCharacters: 3000 });
  const strikes = new Strikes(seededRandom(SEED), load.counted.length / 2, faults);
  const sent = await sendLoad(load, {
    url: service.url,
    tenant: TENANT,
    strikes,
    refused: () => {
      refusals += 1;
    },
  });
  over.abort();
  await strikes.done();
  expect(sent.refused['log-full'] ?? 0).toBeGreaterThan(0);

  await leave(3 * ROOM_BYTES);
  const account = await service.accountCaughtUp(TENANT);
  const { tables } = await heedJson(replayReport, ['replay', '--verify', '--data', dataDir]);
  await service.stop();
  const warehouse = await openChdbWarehouse(dataDir);
  const difference = await differenceFrom(expectedFacts(load), warehouse, TENANT);
  await warehouse.close();
  console.log(`${accountLine(SEED, account, sent, strikes)}; ${differenceLine(difference)}`);
  expect(difference).toEqual(NO_DIFFERENCE);
  expect(account).toMatchObject(expectedAccount(load));
  expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
});
