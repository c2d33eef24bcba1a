import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayReport } from '@heed/contract';
import { seededRandom, type SeededRandom } from '@heed/kernel';
import { heed, heedJson } from '@heed/test-e2e';
import { openChdbWarehouse } from '@heed/warehouse-chdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesWith, tablesWith } from './find-words.ts';
import { isAway } from './is-away.ts';
import { accountLine, differenceLine } from './load/account.ts';
import { countErasures, differenceFrom, NO_DIFFERENCE } from './load/count-exactly.ts';
import type { PlannedLoad } from './load/planned-load.ts';
import { sendLoad, type Sent } from './load/send-load.ts';
import { Strikes, type Fault } from './load/strikes.ts';
import { expectedAfterWork, OVER_DAYS, planWorkedOn, RETENTION_DAYS } from './load/worked-on.ts';
import { faultSeeds } from './seeds.ts';
import { StandaloneRig } from './standalone-rig.ts';
import { until } from './until.ts';

const TENANT = 'default';
const DAY_MS = 86_400_000;
/** Of the load; what comes after it goes on while the last fault is under way. */
const STRUCK_SHARE = 0.7;
/** Acknowledged at the most between the moment that somebody asks for the work and the strike. */
const EVENTS_LATER = 100;

interface Work {
  readonly name: string;
  readonly path: string;
  readonly body: object;
  /** The same on the command line. */
  readonly command: readonly string[];
}

describe('a service that is killed at what changes its warehouse as a whole, while events come in', () => {
  let folder: string;
  let dataDir: string;
  let clock: string;
  let rig: StandaloneRig;
  const setClock = (days: number): void => writeFileSync(clock, new Float64Array([days * DAY_MS]));
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heed-kill-at-work-'));
    dataDir = join(folder, 'data');
    clock = join(folder, 'clock');
    setClock(OVER_DAYS);
    rig = new StandaloneRig(dataDir, {
      NODE_OPTIONS: `--import=${new URL('./jumping-clock.ts', import.meta.url).href}`,
      JUMPING_CLOCK: clock,
    });
    await rig.start();
  });
  afterEach(async () => {
    await rig.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = (load: PlannedLoad, strikes = new Strikes(seededRandom(0), 1, [])): Promise<Sent> =>
    sendLoad(load, { url: rig.url, tenant: TENANT, strikes });

  /** Somebody asks for it, gets an answer or none, and has it done again when all is back. */
  const struck = (work: Work, kill: Fault, random: SeededRandom): Fault => {
    const later = random.below(EVENTS_LATER);
    return {
      name: `${kill.name} ${later} events into ${work.name}`,
      needsEvents: EVENTS_LATER,
      strike: async (acknowledged) => {
        const asked = acknowledged();
        const answered = ask(rig.url(), work);
        await until(`${later} more events are acknowledged`, acknowledged, (now) => now >= asked + later);
        await kill.strike(acknowledged);
        await answered;
        const { code, stdout, stderr } = await heed([...work.command, '--url', rig.url()]);
        if (code !== 0) throw new Error(`${work.name} cannot be done again: ${stderr}${stdout}`);
      },
    };
  };

  it.each(faultSeeds())(
    'forgets and removes exactly what it is to, and rebuilds the same, seed %i',
    async (seed) => {
      const planned = planWorkedOn(seed);
      const { over, before, meanwhile, user, words, facts } = planned;
      await send(over);
      setClock(0);
      await send(before);
      await rig.accountCaughtUp(TENANT);
      await heed(['retention', '--days', String(RETENTION_DAYS), '--url', rig.url()]);

      const random = seededRandom(seed);
      const kills = [rig.serviceKilled, rig.databaseKilled, rig.bothKilled];
      const faults = worksOn(user).flatMap((work, nth) => {
        const kill = kills[(seed + nth) % kills.length];
        return kill === undefined ? [] : [struck(work, kill, random)];
      });
      const strikes = new Strikes(random, meanwhile.counted.length * STRUCK_SHARE, faults);
      const sent = await send(meanwhile, strikes);
      await strikes.done();

      const account = await rig.accountCaughtUp(TENANT);
      const { tables } = await heedJson(replayReport, ['replay', '--verify', '--data', dataDir]);
      await rig.stop();
      const warehouse = await openChdbWarehouse(dataDir);
      const difference = await differenceFrom(facts, warehouse, TENANT);
      const erasures = await countErasures(warehouse, TENANT);
      const withWords = await tablesWith(words, warehouse);
      await warehouse.close();
      console.log(`${accountLine(seed, account, sent, strikes)}; ${differenceLine(difference)}`);
      expect(difference).toEqual(NO_DIFFERENCE);
      // This log lets go of what is over.
      expect(account).toMatchObject(expectedAfterWork(planned, erasures, 0));
      expect([1, 2]).toContain(erasures);
      expect(withWords).toEqual([]);
      // That one may look for something: who was forgotten stands in the log.
      const [withThem, withUser] = filesWith([words, `"${user}"`], [join(dataDir, 'postgres')]);
      expect(withThem).toBe(0);
      expect(withUser).toBeGreaterThan(0);
      expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    },
  );
});

function worksOn(user: string): readonly Work[] {
  return [
    { name: 'a rebuild', path: 'replay', body: {}, command: ['replay'] },
    { name: 'an erasure', path: 'erasures', body: { user }, command: ['erase', user] },
    {
      name: 'a removal of what is over',
      path: 'retention/apply',
      body: {},
      command: ['retention', 'apply'],
    },
  ];
}

/** Resolves when there is an answer, whatever it says, or none will come. */
async function ask(url: string, { path, body }: Work): Promise<void> {
  try {
    const response = await fetch(`${url}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'heed-tenant': TENANT },
      body: JSON.stringify(body),
    });
    await response.text();
  } catch (thrown) {
    if (!isAway(thrown)) throw thrown;
  }
}
