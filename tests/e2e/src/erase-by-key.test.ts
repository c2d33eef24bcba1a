import {
  createdKey,
  deadLetterList,
  erasureReport,
  ingestResponse,
  lagReport,
  replayReport,
} from '@heed/contract';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const SHOP = 'https://shop.example';

describe('the event that has a user forgotten', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-erase-by-key-'));
  const at = ['--data', dataDir];
  let service: Service;
  let browser: string;
  let server: string;
  beforeAll(async () => {
    service = await startService(dataDir);
    await heedJson(createdKey, ['keys', 'create', 'admin', '--all-tenants', ...at]);
    browser = (await heedJson(createdKey, ['keys', 'create', 'browser', '--origin', SHOP, ...at])).key;
    server = (await heedJson(createdKey, ['keys', 'create', 'server', ...at])).key;
    await send(server, [turn('t-1', 'ada'), turn('t-2', 'eve')]);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function send(key: string, events: readonly object[]) {
    const response = await fetch(`${service.url}/v1/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents-batch+json',
        ...{ authorization: `Bearer ${key}`, origin: SHOP },
      },
      body: JSON.stringify(events),
    });
    return ingestResponse.parse(await response.json()).results;
  }

  /** What the warehouse has not yet read is forgotten unread, and not counted. */
  async function untilProjected(): Promise<void> {
    const headers = { authorization: `Bearer ${server}` };
    for (;;) {
      const { entries } = lagReport.parse(await (await fetch(`${service.url}/v1/lag`, { headers })).json());
      if (entries === 0) return;
      await delay(20);
    }
  }

  it('is refused with a key that everybody can read, and the rest of its batch is taken', async () => {
    expect(await send(browser, [erasure('e-1', 'ada'), turn('t-3', 'ada')])).toMatchObject([
      { id: 'e-1', status: 'dead-lettered', reason: 'forbidden' },
      { id: 't-3', status: 'accepted' },
    ]);
    await untilProjected();
    // Whoever asks waits for what is pending: it would be gone already.
    expect(await heedJson(erasureReport, ['erase', 'ada', ...at])).toMatchObject({ events: 2 });
    const { deadLetters } = await heedJson(deadLetterList, ['dead-letters', ...at]);
    expect(deadLetters).toMatchObject([
      { reason: 'forbidden', eventId: 'e-1', remedy: expect.stringContaining('server key') as unknown },
    ]);
  });

  it('forgets with a server key, also under the id that was refused', async () => {
    expect(await send(server, [erasure('e-1', 'eve')])).toMatchObject([{ status: 'accepted' }]);
    await untilForgotten();
    expect(await heedJson(erasureReport, ['erase', 'eve', ...at])).toMatchObject({ events: 0 });
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
  });

  /** Asked again, everything pending is carried out before the answer; another's first. */
  async function untilForgotten(): Promise<void> {
    expect((await heed(['erase', 'somebody-else', ...at])).code).toBe(0);
  }
});

function turn(id: string, user: string): object {
  return event(id, 'heed.turn.v1', { turn: id, user, request: { text: `${user} asks` } });
}

function erasure(id: string, user: string): object {
  return event(id, 'heed.erasure.v1', { user });
}

function event(id: string, type: string, data: object): object {
  return {
    ...{ specversion: '1.0', id, source: '/test', type, subject: `s-${id}` },
    ...{ time: '2026-03-02T12:00:00Z', data },
  };
}
