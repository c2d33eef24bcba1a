import { doctorReport, ingestResponse, replayReport, retentionReport, retentionView } from '@heed/contract';
import { postgresEventLog } from '@heed/event-log-postgres';
import { logEntryOf } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { sha256Hex } from '@heed/platform';
import { openEmbeddedPostgres } from '@heed/postgres';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caughtUp, postEvents } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const DAY_MS = 86_400_000;
const SHOP = ['--tenant', 'shop'];

const turn = (id: string, session: string): object => ({
  ...{ specversion: '1.0', id, source: '/test', type: 'heed.turn.v1', subject: session },
  ...{ time: '2026-03-02T12:00:00Z', data: { turn: id, request: { text: 'play jazz' } } },
});

/** What a tenant sent so many days ago, as the edge of that day put it into the log. */
async function sentBefore(
  dataDir: string,
  daysAgo: number,
  bodies: readonly string[],
  tenant = 'shop',
): Promise<void> {
  const postgres = await openEmbeddedPostgres({ dataDir, passClosedFolders: true });
  const log = postgresEventLog(postgres);
  const received = { tenant: tenantId(tenant), receivedAtMs: Date.now() - daysAgo * DAY_MS };
  await log.append(bodies.map((body) => logEntryOf({ ...received, body }, { sha256: sha256Hex }).entry));
  await log.close();
  await postgres.close();
}

describe('retention on the command line', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-retention-'));
  const at = ['--data', dataDir];
  let service: Service;

  beforeAll(async () => {
    await sentBefore(dataDir, 100, [JSON.stringify(turn('t-1', 's-old')), '{broken']);
    service = await startService(dataDir);
    await postEvents(service.url, [turn('t-2', 's-new')], 'shop');
    await postEvents(service.url, [turn('t-3', 's-other')]);
    await caughtUp(service.url);
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('keeps everything until something else is said', async () => {
    expect((await heed(['retention', ...SHOP, ...at])).stdout).toContain(
      "kept for ever (the service's setting)",
    );
    expect((await heed(['retention', 'apply', ...SHOP, ...at])).stdout).toContain('nothing was removed');
    const both = await heed(['retention', '--days', '3', '--forever', ...at]);
    expect(both.code).toBe(2);
    expect(await heedJson(retentionView, ['retention', '--days', '90', ...SHOP, ...at])).toMatchObject({
      ...{ tenant: 'shop', days: 90, isDefault: false, horizon: null },
    });
  }, 60_000);

  it('removes what is over, accounts for the rest, and replays to the same', async () => {
    expect(await heedJson(retentionReport, ['retention', 'apply', ...SHOP, ...at])).toMatchObject({
      ...{ sessions: 1, deadLetters: 1, entries: 2 },
    });
    expect(await heedJson(doctorReport, ['doctor', ...at])).toMatchObject({
      ...{ accepted: 2, stored: 2, deadLettered: 0, expired: 0, balanced: true, problems: [] },
    });
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    expect((await heed(['retention', ...SHOP, ...at])).stdout).toContain('gone: sessions whose last event');
  }, 120_000);

  it('takes an event again whose id went with the rest', async () => {
    const again = ingestResponse.parse(
      await postEvents(service.url, [turn('t-1', 's-old'), turn('t-2', 's-new')], 'shop'),
    );
    expect(again.results.map(({ status }) => status)).toEqual(['accepted', 'duplicate']);
    await caughtUp(service.url);
    expect(await heedJson(doctorReport, ['doctor', ...at])).toMatchObject({ accepted: 3, balanced: true });
  }, 60_000);

  it('does so by itself with the setting of the service', async () => {
    await service.stop();
    const middle = JSON.stringify(turn('t-4', 's-middle'));
    for (const tenant of ['shop', 'default']) await sentBefore(dataDir, 50, [middle], tenant);
    // Else it would wait for a word: after a silence of more than a month nobody knows whether a clock jumped.
    await sentBefore(dataDir, 25, [JSON.stringify(turn('t-5', 's-later'))], 'default');
    service = await startService(dataDir);
    await caughtUp(service.url);
    expect(await heedJson(doctorReport, ['doctor', ...at])).toMatchObject({ accepted: 6, balanced: true });
    await service.stop();
    service = await startService(dataDir, ['--no-demo'], {
      HEED_RETENTION_DAYS: '30',
      HEED_RETENTION_EVERY_MINUTES: '1',
    });
    await caughtUp(service.url);
    // Nobody asks for it: it is done once at the start. The test's own time limit bounds it.
    while ((await heedJson(doctorReport, ['doctor', ...at])).accepted === 6) await delay(50);
    expect(await heedJson(doctorReport, ['doctor', ...at])).toMatchObject({ accepted: 5, balanced: true });
    expect(await heedJson(retentionView, ['retention', ...at])).toMatchObject({
      horizon: expect.any(String) as unknown,
    });
    // The tenant's own rule goes before the setting.
    expect(await heedJson(retentionView, ['retention', ...SHOP, ...at])).toMatchObject({ days: 90 });
    expect(await heedJson(retentionView, ['retention', ...at])).toMatchObject({ days: 30, isDefault: true });
  }, 60_000);
});
