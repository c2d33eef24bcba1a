import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayReport } from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { heedJson, postEvents } from '@heed/test-e2e';
import { openChdbWarehouse } from '@heed/warehouse-chdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountLine, differenceLine, expectedAccount } from './load/account.ts';
import { differenceFrom, NO_DIFFERENCE } from './load/count-exactly.ts';
import { expectedFacts } from './load/expected-facts.ts';
import { planLoad, type PlannedLoad } from './load/planned-load.ts';
import { sendLoad } from './load/send-load.ts';
import { Strikes, type Fault } from './load/strikes.ts';
import { StandaloneRig } from './standalone-rig.ts';

const HOUR_MS = 3_600_000;
const LOADED = 'loaded';
const TENANT = 'default';

describe('a service whose clock jumps by hours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-clock-'));
  const clock = join(folder, 'clock');
  const dataDir = join(folder, 'data');
  const runs: { readonly load: PlannedLoad; readonly tenant: string; readonly line: string }[] = [];
  const rig = new StandaloneRig(dataDir, {
    NODE_OPTIONS: `--import=${new URL('./jumping-clock.ts', import.meta.url).href}`,
    JUMPING_CLOCK: clock,
  });
  const setClock = (hours: number): void => {
    writeFileSync(clock, new Float64Array([hours * HOUR_MS]));
  };
  const jump = (hours: number): Fault => ({
    name: `the clock is ${hours} h off`,
    strike: () => {
      setClock(hours);
      return Promise.resolve();
    },
  });

  beforeAll(async () => {
    setClock(0);
    await rig.start();
  });
  afterAll(async () => {
    await rig.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([1, 2])('accounts for everything and reads on while it jumps, seed %i', async (seed) => {
    const tenant = `${LOADED}-${seed}`;
    const load = planLoad(seed, { lanes: 4, requestsPerLane: 40, sessions: 30 });
    // Less than a day apart, so that no event that waits for its turn has waited for too long.
    const faults = [jump(-11), jump(12), jump(3), rig.serviceKilled, jump(-8)];
    const strikes = new Strikes(seededRandom(seed), load.counted.length, faults);
    const sent = await sendLoad(load, { url: rig.url, tenant, strikes });
    await strikes.done();
    const account = await rig.accountCaughtUp(tenant);
    expect(account).toMatchObject(expectedAccount(load));
    runs.push({ load, tenant, line: accountLine(seed, account, sent, strikes) });
  });

  it('judges what is too far ahead, and what has waited for too long, by when it was received', async () => {
    setClock(0);
    const ahead = (id: string, hours: number): object => ({
      ...turn(id),
      time: new Date(Date.now() + hours * HOUR_MS).toISOString(),
    });
    expect(await fates(rig.url(), [ahead('a', 20), ahead('b', 30)])).toEqual(['accepted', 'clock-skew']);
    setClock(-11);
    expect(await fates(rig.url(), [ahead('c', 10), ahead('d', 20), reaction('waits', 'd')])).toEqual([
      'accepted',
      'clock-skew',
      'accepted',
    ]);
    const before = await rig.accountCaughtUp(TENANT);
    expect(before).toMatchObject({ accepted: 5, stored: 3, waiting: 1, deadLettered: 2, balanced: true });

    setClock(12);
    expect(await fates(rig.url(), [ahead('e', 30)])).toEqual(['accepted']);
    setClock(14);
    expect(await fates(rig.url(), [turn('later')])).toEqual(['accepted']);
    const late = { accepted: 7, stored: 4, waiting: 0, deadLettered: 3, balanced: true };
    expect(await rig.accountCaughtUp(TENANT)).toMatchObject(late);

    // The tenant's time does not go back, and the turn, however late, finds what waited for it.
    setClock(-11);
    expect(await fates(rig.url(), [turn('d')])).toEqual(['accepted']);
    const found = { accepted: 8, stored: 6, waiting: 0, deadLettered: 2, balanced: true };
    expect(await rig.accountCaughtUp(TENANT)).toMatchObject(found);
  });

  it('builds the same warehouse from the log again, by whatever clock', async () => {
    setClock(40 * 24);
    const { tables } = await heedJson(replayReport, ['replay', '--verify', '--data', dataDir]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
  });

  it('has lost nothing by it, and doubled nothing', async () => {
    await rig.stop();
    const warehouse = await openChdbWarehouse(dataDir);
    for (const { load, tenant, line } of runs) {
      const difference = await differenceFrom(expectedFacts(load), warehouse, tenant);
      console.log(`${line}; ${differenceLine(difference)}`);
      expect(difference).toEqual(NO_DIFFERENCE);
    }
    expect(runs).toHaveLength(2);
    await warehouse.close();
  });
});

/** The fate of each event: its status, or the reason of a dead letter. */
async function fates(url: string, events: readonly object[]): Promise<readonly string[]> {
  const { results } = await postEvents(url, events, TENANT);
  return results.map(({ status, reason }) => reason ?? status);
}

function turn(name: string): object {
  return event(`turn-${name}`, 'heed.turn.v1', { turn: name, request: { text: 'play jazz' } });
}

function reaction(id: string, named: string): object {
  return event(id, 'heed.reaction.v1', { turn: named, kind: 'like' });
}

function event(id: string, type: string, data: object): object {
  return {
    specversion: '1.0',
    id,
    source: '/test',
    type,
    subject: 's-1',
    time: '2026-03-02T12:00:00Z',
    data,
  };
}
