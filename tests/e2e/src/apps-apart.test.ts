import { decideResponse, doctorReport, mineReport, replayReport } from '@heed/contract';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { startAppsApart, type AppsApart } from './apps-apart.ts';
import { heed, heedJson, type Service } from './run-heed.ts';

const tour = join(import.meta.dirname, '../../../docs/tour');
const log = ['import', join(tour, 'help-desk.csv'), '--map', join(tour, 'help-desk.mapping.json')];
const imported = z.object({ accepted: z.number().positive() });
const openApi = z.object({ paths: z.record(z.string(), z.unknown()) });
const moved = z.object({ status: z.string() });

const OWNER = `heed_admin_0123456789abcdef_${'o'.repeat(43)}`;
const TOLD = 'cancel my subscribtion';

describe('collector, projectors, learner and control apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-apart-'));
  let postgres: EmbeddedPostgres;
  let clickhouse: ClickHouseFront;
  let apps: AppsApart;
  let at: readonly string[];

  beforeAll(async () => {
    [postgres, clickhouse] = await Promise.all([
      openEmbeddedPostgres({ dataDir: join(folder, 'server'), passClosedFolders: true }),
      openClickHouseFront(),
    ]);
    const servers = {
      DATABASE_URL: postgres.url,
      HEED_CLICKHOUSE_URL: clickhouse.url,
      HEED_OWNER_KEY: OWNER,
      HEED_LOG_LEVEL: 'info',
    };
    apps = await startAppsApart(folder, servers, 1);
    at = ['--url', apps.url];
  });

  afterAll(async () => {
    await apps.stop();
    await Promise.all([postgres.close(), clickhouse.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('say each by itself that they live and are ready, and what they measure', async () => {
    for (const { url } of [apps.collector, apps.learner, apps.control, ...apps.projectors]) {
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('process_resident_memory_bytes');
    }
  });

  it('serve each its own routes and no other', async () => {
    const pathsOf = async ({ url }: Service): Promise<readonly string[]> => {
      const headers = { authorization: `Bearer ${OWNER}` };
      const { paths } = openApi.parse(await (await fetch(`${url}/docs-json`, { headers })).json());
      return Object.keys(paths).filter((path) => path.startsWith('/v1/'));
    };
    const [projector] = apps.projectors;
    expect(projector && (await pathsOf(projector))).toEqual([]);
    expect(await pathsOf(apps.collector)).toEqual(['/v1/events', '/v1/imports/{fingerprint}', '/v1/traces']);
    const model = '/v1/train/models/{model}';
    expect((await pathsOf(apps.learner)).toSorted()).toEqual([
      '/v1/mine',
      '/v1/train/defect',
      '/v1/train/love',
      `${model}/adversaries`,
      `${model}/card`,
      `${model}/drift`,
      `${model}/evaluate`,
      `${model}/file`,
      `${model}/foresight`,
      `${model}/gaming`,
      `${model}/objectives`,
      `${model}/score-log`,
    ]);
    const control = await pathsOf(apps.control);
    expect(control).toEqual(expect.arrayContaining(['/v1/decide', '/v1/doctor', '/v1/replay', '/v1/keys']));
    expect(control).not.toContain('/v1/events');
  });

  it('find in a log together the same, word for word, as one process', async () => {
    const embedded = ['--data', join(folder, 'embedded')];
    await heedJson(imported, [...log, ...embedded]);
    await heedJson(imported, [...log, ...at]);
    const { seconds: alone, ...inOne } = await heedJson(mineReport, ['mine', ...embedded]);
    const { seconds: apart, ...apartly } = await heedJson(mineReport, ['mine', ...at]);
    expect(apartly).toEqual(inOne);
    expect(apartly.proposals.length).toBeGreaterThan(0);
    expect(Math.min(alone, apart)).toBeGreaterThan(0);
  }, 180_000);

  it('put live in control what the learner proposed, and decide by it', async () => {
    const { proposals } = await heedJson(mineReport, ['mine', ...at]);
    const fix = proposals.find(({ from }) => from === TOLD)?.fix ?? '';
    const { status } = await heedJson(moved, ['fixes', fix, 'live', '--why', 'it helps', ...at]);
    expect(status).toBe('live');
    expect(await heedJson(decideResponse, ['decide', TOLD, ...at])).toMatchObject({
      fix,
      rewrite: 'cancel my subscription',
    });
  });

  it('account for every event, and replay into a warehouse that is equal', async () => {
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => !equal)).toEqual([]);
    expect(await heedJson(doctorReport, ['doctor', ...at])).toMatchObject({ balanced: true, lag: 0 });
  }, 120_000);

  it('rebuild the warehouse while the projector lives, and go on', async () => {
    await heedJson(z.object({ events: z.number().positive() }), ['replay', ...at]);
    await heedJson(imported, [...log, ...at, '--tenant', 'second']);
    expect(await heedJson(doctorReport, ['doctor', ...at])).toMatchObject({ balanced: true, lag: 0 });
  }, 120_000);

  it('count a key that control made, and one that it took back, in the collector within a second', async () => {
    const admin = ['keys', 'create', 'admin', '--all-tenants', ...at, '--key', OWNER];
    const made = z.object({ key: z.string(), id: z.string() });
    const { key } = await heedJson(made, admin);
    const send = (given: string): Promise<Response> =>
      fetch(`${apps.collector.url}/v1/imports/none`, { headers: { authorization: `Bearer ${given}` } });
    await vi.waitFor(async () => expect((await send(key)).status).not.toBe(401), 5_000);
    expect((await fetch(`${apps.collector.url}/v1/imports/none`)).status).toBe(401);
    const second = await heedJson(made, ['keys', 'create', 'server', ...at, '--key', OWNER]);
    await vi.waitFor(async () => expect((await send(second.key)).status).not.toBe(401), 5_000);
    await heed(['keys', 'revoke', second.id, ...at, '--key', OWNER]);
    await vi.waitFor(async () => expect((await send(second.key)).status).toBe(401), 5_000);
  });

  it('keep nothing on the disk but the key that signs bundles', () => {
    expect(readdirSync(join(folder, 'control'))).toEqual(['keys']);
  });

  it('end by SIGTERM with nothing to complain about', async () => {
    expect(await apps.stop()).toEqual([0, 0, 0, 0]);
    for (const { printed } of [apps.collector, apps.learner, apps.control, ...apps.projectors]) {
      expect(printed()).not.toMatch(/"level":"error"/u);
      expect(printed()).not.toContain(OWNER);
    }
  });
});
