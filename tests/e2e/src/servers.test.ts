import { mineReport, replayReport } from '@heed/contract';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { heedJson, startService, type Service } from './run-heed.ts';

const root = join(import.meta.dirname, '../../..');
const tour = join(root, 'docs', 'tour');
const log = ['import', join(tour, 'help-desk.csv'), '--map', join(tour, 'help-desk.mapping.json')];
const imported = z.object({ accepted: z.number().positive() });

/** What mining says, but for how long it took. */
async function minedBy(at: readonly string[]): Promise<Omit<z.output<typeof mineReport>, 'seconds'>> {
  const { seconds, ...report } = await heedJson(mineReport, ['mine', ...at]);
  expect(seconds).toBeGreaterThan(0);
  return report;
}

describe('a Heed on servers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-servers-'));
  const embedded = ['--data', join(folder, 'embedded')];
  const own = join(folder, 'own');
  let postgres: EmbeddedPostgres;
  let clickhouse: ClickHouseFront;
  let service: Service;

  beforeAll(async () => {
    [postgres, clickhouse] = await Promise.all([
      openEmbeddedPostgres({ dataDir: join(folder, 'server'), passClosedFolders: true }),
      openClickHouseFront(),
    ]);
    service = await startService(own, ['--no-demo'], {
      DATABASE_URL: postgres.url,
      HEED_CLICKHOUSE_URL: clickhouse.url,
    });
  }, 60_000);

  afterAll(async () => {
    await service.stop();
    await Promise.all([postgres.close(), clickhouse.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds in a log the same, word for word, as an embedded one', async () => {
    const at = ['--url', service.url];
    await heedJson(imported, [...log, ...embedded]);
    await heedJson(imported, [...log, ...at]);
    const mined = await minedBy(at);
    expect(mined).toEqual(await minedBy(embedded));
    expect(mined.proposals.length).toBeGreaterThan(0);
  }, 120_000);

  it('replays its log into a warehouse that is equal', async () => {
    const { tables } = await heedJson(replayReport, ['replay', '--verify', '--url', service.url]);
    expect(tables.filter(({ equal }) => !equal)).toEqual([]);
    expect(tables.length).toBeGreaterThan(5);
  }, 120_000);

  it('keeps nothing of log and warehouse in its own folder', () => {
    expect(readdirSync(own)).not.toContain('postgres');
    expect(readdirSync(own)).not.toContain('warehouse');
  });
});
