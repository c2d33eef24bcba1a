import { deadLetterList, deadLetterView, doctorReport, ingestResult, replayReport } from '@heed/contract';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caughtUp, postEvents } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const NOON = '2026-03-02T12:00:00Z';

const event = (id: string, type: string, data: object, time = NOON): object => ({
  specversion: '1.0',
  id,
  source: '/test',
  type,
  subject: 's-1',
  time,
  data,
});
const turn = (name: string, time?: string): object =>
  event(`turn-${name}`, 'heed.turn.v1', { turn: name, request: { text: 'play jazz' } }, time);

describe('dead letters on the command line', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-letters-'));
  const at = ['--data', dataDir];
  let service: Service;

  beforeAll(async () => {
    service = await startService(dataDir);
    await postEvents(service.url, [
      turn('t-1', '1970-01-01T00:00:00Z'),
      event('like', 'heed.reaction.v1', { turn: 't-9', kind: 'like' }),
      turn('t-2'),
      event('turn-t-2', 'heed.turn.v1', { turn: 't-2', request: { text: 'other' } }),
    ]);
    await caughtUp(service.url);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('are listed, looked at by a short id, mended and redriven, and leave the list', async () => {
    const { deadLetters, total } = await heedJson(deadLetterList, ['dead-letters', ...at]);
    expect(total).toBe(2);
    const { id, shortId, bytes } = deadLetters.find(({ reason }) => reason === 'clock-skew') ?? never();
    expect(shortId).toMatch(/^[0-9a-f]{12}$/);
    expect(await heedJson(deadLetterView, ['dead-letters', shortId, ...at])).toMatchObject({ id, bytes });

    const mended = bytes.replace('1970-01-01T00:00:00Z', NOON);
    const redrive = ['dead-letters', shortId, 'redrive', '--event', '-', ...at];
    expect(await heedJson(ingestResult, redrive, mended)).toMatchObject({ status: 'accepted' });
    expect(await heedJson(ingestResult, redrive, mended)).toMatchObject({ status: 'duplicate' });
    await caughtUp(service.url);

    const after = await heedJson(deadLetterList, ['dead-letters', ...at]);
    expect(after).toMatchObject({ total: 1, waiting: 1, redriven: 1 });
    expect(await heedJson(deadLetterView, ['dead-letters', id, ...at])).toMatchObject({
      state: 'redriven',
      redriven: [{ event: 'turn-t-1', at: expect.stringMatching(/^20\d\d-/) as unknown }],
    });
  });

  it.each([
    ['like', /send the turn that it names/],
    ['turn-t-2', /id of its own/],
  ])('that cannot be mended by sending %s again say what helps', async (id, says) => {
    const { code, stdout } = await heed(['dead-letters', id, 'redrive', ...at]);
    expect(code).toBe(3);
    expect(stdout).toMatch(says);
  });

  it('do not count what waits for its turn, which the doctor tells', async () => {
    expect((await heed(['doctor', ...at])).stdout).toContain(
      'accepted 5 = stored 3 (1 waiting for their turn) + dead letters 2 (1 redriven) + still to read 0: balanced',
    );
    await postEvents(service.url, [turn('t-9')]);
    await caughtUp(service.url);
    expect(await heedJson(doctorReport, ['doctor', ...at])).toMatchObject({
      accepted: 6,
      stored: 4,
      waiting: 0,
      deadLettered: 2,
      redriven: 1,
    });
    const redriven = await heedJson(ingestResult, ['dead-letters', 'like', 'redrive', ...at]);
    expect(redriven).toMatchObject({ id: 'like', status: 'duplicate' });
  });

  it('come out the same when the warehouse is built anew', async () => {
    const list = ['dead-letters', '--state', 'redriven', ...at];
    const before = await heedJson(deadLetterList, list);
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    await heedJson(replayReport, ['replay', ...at]);
    expect(await heedJson(deadLetterList, list)).toEqual(before);
  });
});

function never(): never {
  throw new Error('there is one');
}
