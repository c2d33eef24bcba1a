import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresEventLog, removeEntriesFrom } from '@heed/event-log-postgres';
import { postgresRetentionStore } from '@heed/event-store';
import { seededRandom } from '@heed/kernel';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { inMemoryEventLog } from '@heed/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FIRST_DAY_MS, KEPT_TENANT, retentionRig, type RetentionRig } from './retention-rig.ts';

const KEPT_DAYS = 10;
const dayRow = z.object({ day: z.string() });
const requestRow = z.object({ request: z.string() });

const event = (id: string, session: string, type: string, data: object): string =>
  JSON.stringify({
    ...{ specversion: '1.0', id, source: '/test', type, subject: session },
    ...{ time: new Date(FIRST_DAY_MS).toISOString(), data },
  });
const turn = (id: string, session: string, text = 'play jazz'): string =>
  event(id, session, 'heed.turn.v1', { turn: `t-${id}`, request: { text } });
const orphan = (id: string, session: string): string =>
  event(id, session, 'heed.reaction.v1', { turn: 'no-such-turn', kind: 'like' });
const unknown = (id: string): string => event(id, 's', 'heed.nonsense.v1', {});

let folder: string;
let postgres: EmbeddedPostgres;
let rig: RetentionRig;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heed-retention-'));
  postgres = await openEmbeddedPostgres({ dataDir: folder });
}, 60_000);
afterAll(async () => {
  await postgres.close();
  rmSync(folder, { recursive: true });
});

/** Both logs there are: one whose entries can be taken out, and one that keeps them until it lets them go itself. */
describe.each(['removes', 'keeps'] as const)('retention over a log that %s', (what) => {
  beforeEach(async () => {
    await postgres.pool.query('DELETE FROM retention_rule; DELETE FROM retention_horizon');
    const store = postgresRetentionStore(postgres);
    const log = what === 'removes' ? postgresEventLog(postgres) : inMemoryEventLog();
    await log.removeTenant(KEPT_TENANT);
    rig = await retentionRig(
      log,
      store,
      KEPT_DAYS,
      what === 'removes' ? removeEntriesFrom(postgres) : undefined,
    );
  }, 60_000);
  afterEach(() => rig.close());

  const expectEqual = async (): Promise<void> => {
    const tables = await rig.rebuild('compare');
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    const account = await rig.account();
    expect(account).toMatchObject({ balanced: true, lag: 0 });
    if (account) expect(account.stored + account.deadLettered + account.expired).toBe(account.accepted);
  };

  it('removes sessions that were silent since, and dead letters, and leaves the others whole', async () => {
    await rig.send(turn('1', 'old'), turn('2', 'goes-on'), unknown('3'), '{broken', orphan('4', 'old'));
    rig.day(5);
    await rig.send(turn('5', 'goes-on'), turn('6', 'young'), unknown('7'));
    rig.day(12);
    await rig.send(turn('8', 'new'));
    expect(await rig.retention.apply(KEPT_TENANT, false)).toEqual({
      ...{ tenant: KEPT_TENANT, days: KEPT_DAYS, horizon: '2026-01-03' },
      ...{ sessions: 1, deadLetters: 2, entries: 4 },
    });
    expect(await rig.sessions()).toEqual(['goes-on', 'new', 'young']);
    await expectEqual();
    expect(await rig.account()).toMatchObject(
      what === 'removes' ? { accepted: 5, expired: 0 } : { accepted: 9, expired: 4 },
    );
    expect(await rig.retention.apply(KEPT_TENANT, true)).toMatchObject({ sessions: 0, entries: 0 });
    const mined = await rig.warehouse.query(dayRow, 'SELECT DISTINCT toString(day) AS day FROM transitions');
    expect(mined).toEqual([{ day: '2026-01-01' }]);
  }, 120_000);

  it('begins a new session with what comes later for one that is gone', async () => {
    await rig.send(turn('1', 'again', 'first'));
    rig.day(12);
    await rig.send(turn('2', 'other'));
    await rig.retention.apply(KEPT_TENANT, false);
    rig.day(13);
    await rig.send(turn('3', 'again', 'second'));
    const turns = await rig.warehouse.query(requestRow, "SELECT request FROM turns WHERE session = 'again'");
    expect(turns).toEqual([{ request: 'second' }]);
    await expectEqual();
    await rig.rebuild('replace');
    expect(
      await rig.warehouse.query(requestRow, "SELECT request FROM turns WHERE session = 'again'"),
    ).toEqual(turns);
    await expectEqual();
  }, 120_000);

  it('keeps the note of a redrive as long as there is what it is about', async () => {
    await rig.send(orphan('o', 'goes-on'), turn('1', 'goes-on'));
    await rig.noteRedriven('o', 'x');
    await rig.send(unknown('u'));
    rig.day(8);
    await rig.send(turn('2', 'goes-on'));
    rig.day(12);
    await rig.send(turn('3', 'new'));
    await rig.retention.apply(KEPT_TENANT, false);
    expect(await rig.account()).toMatchObject({ redriven: 1 });
    await expectEqual();
    rig.day(25);
    await rig.send(turn('4', 'newer'));
    await rig.retention.apply(KEPT_TENANT, false);
    expect(await rig.account()).toMatchObject({ redriven: 0 });
    await expectEqual();
  }, 120_000);

  it('finishes what was cut off anywhere, whatever came meanwhile', async () => {
    const random = seededRandom(11);
    let nth = 0;
    // Of a removal's steps those after which most is half done.
    for (const steps of [0, 1, 3, 5, 7, 8, 9, 12]) {
      const base = steps * 14;
      rig.day(base);
      const [a, b, c] = [`a${String(steps)}`, `b${String(steps)}`, `c${String(steps)}`];
      const long = Array.from({ length: 8 }, () => turn(String(nth++), a));
      await rig.send(...long, turn(String(nth++), b), unknown(`u${String(steps)}`), orphan(String(nth++), c));
      rig.day(base + 12);
      await rig.send(turn(String(nth++), c));
      rig.cutOffAfter(steps);
      await rig.retention.apply(KEPT_TENANT, false).catch((thrown: unknown) => {
        expect(thrown).toMatchObject({ message: 'cut off' });
      });
      rig.cutOffAfter(null);
      rig.day(base + 12.5);
      if (random.chance(0.5)) await rig.send(turn(String(nth++), a), turn(String(nth++), b));
      await rig.retention.apply(KEPT_TENANT, false);
      expect(await rig.account()).toMatchObject({ balanced: true });
    }
    await expectEqual();
    await rig.rebuild('replace');
    await expectEqual();
  }, 300_000);

  it('waits for a word before it goes far at once, and says so', async () => {
    await rig.send(turn('1', 's-1'));
    rig.day(12);
    await rig.send(turn('2', 's-2'));
    await rig.retention.apply(KEPT_TENANT, false);
    rig.day(400);
    expect(await rig.retention.apply(KEPT_TENANT, false)).toMatchObject({
      horizon: '2026-01-03',
      entries: 0,
    });
    await rig.send(turn('3', 's-3'));
    expect(await rig.retention.apply(KEPT_TENANT, false)).toMatchObject({
      horizon: '2026-01-03',
      entries: 0,
    });
    expect(await rig.retention.view(KEPT_TENANT)).toMatchObject({ waiting: '2027-01-26' });
    const [problem] = await rig.retention.problems([KEPT_TENANT]);
    expect(problem?.do).toContain('heed retention apply --tenant kept');
    expect(await rig.sessions()).toEqual(['s-2', 's-3']);
    expect(await rig.retention.apply(KEPT_TENANT, true)).toMatchObject({
      horizon: '2027-01-26',
      sessions: 1,
    });
    expect(await rig.sessions()).toEqual(['s-3']);
    await expectEqual();
  }, 120_000);

  it('waits for a word before it draws its first horizon when the clock has jumped', async () => {
    await rig.send(turn('1', 's-1'));
    rig.day(3);
    await rig.send(turn('2', 's-2'));
    rig.day(400);
    await rig.send(turn('3', 's-3'));
    expect(await rig.retention.apply(KEPT_TENANT, false)).toMatchObject({ horizon: null, entries: 0 });
    expect(await rig.retention.view(KEPT_TENANT)).toMatchObject({ horizon: null, waiting: '2027-01-26' });
    expect(await rig.sessions()).toEqual(['s-1', 's-2', 's-3']);
    expect(await rig.retention.apply(KEPT_TENANT, true)).toMatchObject({
      horizon: '2027-01-26',
      sessions: 2,
    });
  }, 120_000);

  it('keeps everything where that was said, and never brings back a horizon', async () => {
    await rig.send(turn('1', 's-1'));
    rig.day(12);
    await rig.send(turn('2', 's-2'));
    expect(await rig.retention.set(KEPT_TENANT, null, 'ann')).toMatchObject({ days: null, isDefault: false });
    expect(await rig.retention.apply(KEPT_TENANT, true)).toMatchObject({ horizon: null, entries: 0 });
    await rig.retention.set(KEPT_TENANT, 1, 'ann');
    expect(await rig.retention.apply(KEPT_TENANT, false)).toMatchObject({
      horizon: '2026-01-12',
      sessions: 1,
    });
    await rig.retention.set(KEPT_TENANT, 100, 'ann');
    expect(await rig.retention.apply(KEPT_TENANT, true)).toMatchObject({
      horizon: '2026-01-12',
      sessions: 0,
    });
  }, 120_000);
});
