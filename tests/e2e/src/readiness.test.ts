import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startAppsApart, type AppsApart } from './apps-apart.ts';
import { z } from 'zod';
import type { Service } from './run-heed.ts';

const folder = mkdtempSync(join(tmpdir(), 'heed-readiness-'));
let postgres: EmbeddedPostgres;
let clickhouse: ClickHouseFront;
let apps: AppsApart;

beforeAll(async () => {
  [postgres, clickhouse] = await Promise.all([
    openEmbeddedPostgres({ dataDir: join(folder, 'server'), passClosedFolders: true }),
    openClickHouseFront(),
  ]);
  const servers = { DATABASE_URL: postgres.url, HEED_CLICKHOUSE_URL: clickhouse.url };
  apps = await startAppsApart(folder, servers, 1);
}, 60_000);

afterAll(async () => {
  await apps.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('tells of each app whether the stores that it needs answer, by their names alone', async () => {
  const { collector, learner, control, projectors } = apps;
  const readers = [learner, ...projectors];
  for (const app of [collector, control, ...readers])
    expect(await readinessOf(app)).toEqual([200, undefined]);
  await clickhouse.close();
  for (const app of readers) await untilReadiness(app, 'No answer from ClickHouse.');
  for (const app of [collector, control]) expect(await readinessOf(app)).toEqual([200, undefined]);
  await postgres.close();
  for (const app of [collector, control]) await untilReadiness(app, 'No answer from PostgreSQL.');
  for (const app of readers) await untilReadiness(app, 'No answer from PostgreSQL, ClickHouse.');
  for (const { url } of [collector, control, ...readers])
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
}, 60_000);

async function readinessOf({ url }: Service): Promise<readonly unknown[]> {
  const answer = await fetch(`${url}/health/ready`);
  const { detail } = z.object({ detail: z.string().optional() }).parse(await answer.json());
  return [answer.status, detail];
}

async function untilReadiness(app: Service, detail: string): Promise<void> {
  await vi.waitFor(async () => expect(await readinessOf(app)).toEqual([503, detail]), 20_000);
}
