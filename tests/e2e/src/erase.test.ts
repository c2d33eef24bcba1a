import {
  decideResponse,
  erasureList,
  erasureReport,
  fixView,
  mineReport,
  replayReport,
} from '@heed/contract';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { caughtUp, postEvents } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const TOUR = join(import.meta.dirname, '../../../docs/tour');
const FROM = 'cancel my subscribtion';
/** Nobody else says this, nor could it come out of a compression by chance. */
const SECRET = 'xylophonist-of-zwischenwasser';
const doctor = z.object({
  accepted: z.number(),
  stored: z.number(),
  deadLettered: z.number(),
  balanced: z.boolean(),
});

describe('heed erase, on an imported log', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-erase-'));
  const at = ['--data', dataDir];
  let service: Service;
  let fix = '';

  beforeAll(async () => {
    service = await startService(dataDir);
    await heedJson(z.object({}), [
      ...['import', join(TOUR, 'help-desk.csv'), '--map', join(TOUR, 'help-desk.mapping.json')],
      ...at,
    ]);
    const { proposals } = await heedJson(mineReport, ['mine', ...at]);
    const found = proposals.find(({ from }) => from === FROM) ?? expect.fail('the tour has no fix');
    fix = found.fix ?? '';
    await heedJson(fixView, ['fixes', fix, 'live', ...at]);
    await postEvents(service.url, sessionOf('ada', found.from, found.to));
    await caughtUp(service.url);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('forgets the user, says what that came to, and leaves the fix served and stale', async () => {
    const report = await heedJson(erasureReport, ['erase', 'ada', '--reason', 'asked by mail', ...at]);
    expect(report).toMatchObject({ events: 4, sessions: 1, fixesMarkedStale: [fix], modelsMarkedStale: [] });
    expect(report.labels).toBeGreaterThan(0);
    const { erasures } = await heedJson(erasureList, ['erasures', ...at]);
    expect(erasures).toMatchObject([{ state: 'done', tries: 0, failure: null, report }]);
    const view = await heedJson(fixView, ['fixes', fix, ...at]);
    expect(view).toMatchObject({ status: 'live', stale: { who: 'heed' } });
    expect(view.history.at(-1)).toMatchObject({ status: 'live', stale: true });
    const { stdout } = await heed(['fixes', ...at]);
    expect(stdout).toContain('live, stale');
    expect((await heed(['fixes', fix, ...at])).stdout).toMatch(/stale {7}.*a user was forgotten/u);
    expect((await heedJson(decideResponse, ['decide', FROM, ...at])).fix).toBe(fix);
  });

  it('is as a replay has it, with every event accounted for', async () => {
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    const books = await heedJson(doctor, ['doctor', ...at]);
    expect(books.balanced).toBe(true);
    expect(books.accepted).toBe(books.stored + books.deadLettered);
  });

  it('takes the same events again for duplicates, and a user who comes back for a new one', async () => {
    const again = await postEvents(service.url, sessionOf('ada', FROM, 'cancel my subscription'));
    expect(new Set(again.results.map(({ status }) => status))).toEqual(new Set(['duplicate']));
    const back = await postEvents(service.url, [turn('back', 'ada', 'I am back', 0)]);
    expect(back.results).toMatchObject([{ status: 'accepted' }]);
    await caughtUp(service.url);
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
  });

  it('is fresh again once the fix is mined again', async () => {
    await heedJson(mineReport, ['mine', ...at]);
    expect(await heedJson(fixView, ['fixes', fix, ...at])).toMatchObject({ status: 'live', stale: null });
  });

  it('forgets by an event too', async () => {
    const erasure = event('forget-back', 'ada', 'heed.erasure.v1', { user: 'ada' }, 0);
    await postEvents(service.url, [erasure]);
    await caughtUp(service.url);
    // Whoever asks again waits for what is pending.
    expect(await heedJson(erasureReport, ['erase', 'ada', ...at])).toMatchObject({ events: 0 });
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
  });

  it('refuses what is no user, and says so', async () => {
    const { code, stderr } = await heed(['erase', 'a\u0007b', ...at]);
    expect(code).toBe(2);
    expect(stderr).toContain('Name the user as its events do');
  });

  it('leaves no word of the user in the files of the database, where they were never in the clear', async () => {
    await service.stop();
    expect(filesWith(join(dataDir, 'postgres'), SECRET)).toEqual([]);
    expect(filesWith(join(dataDir, 'postgres'), 'ada')).not.toEqual([]);
  });
});

/** Asks as the fix's sessions do, and says something of their own; the answer comes apart and names nobody. */
function sessionOf(user: string, from: string, to: string): readonly object[] {
  return [
    turn('t-1', user, from, 0),
    turn('t-2', user, to, 1),
    turn('t-3', user, SECRET, 2),
    event('r-3', 's-ada', 'heed.response.v1', { turn: 't-3', response: { text: `you said ${SECRET}` } }, 2),
  ];
}

function turn(id: string, user: string, text: string, minute: number): object {
  return event(id, 's-ada', 'heed.turn.v1', { turn: id, user, request: { text } }, minute);
}

function event(id: string, subject: string, type: string, data: object, minute: number): object {
  const time = new Date(Date.UTC(2026, 2, 25, 9, minute)).toISOString();
  return { specversion: '1.0', id, source: '/test', type, subject, time, data };
}

function filesWith(folder: string, text: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => readFileSync(path).includes(text));
}
