import { mineReport, modelView, replayReport } from '@heed/contract';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { modelCard } from '@heed/rewards';
import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAppsApart, type AppsApart } from './apps-apart.ts';
import { defectLog } from './defect-log.ts';
import { jsonlOf } from './love-log.ts';
import { caughtUp } from './post-events.ts';
import { heed, heedJson } from './run-heed.ts';

const FIRST = 1500;
const LATER = 200;

describe('a model of failed turns, with collector, projector, learner and control apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-defect-apart-'));
  let postgres: EmbeddedPostgres;
  let clickhouse: ClickHouseFront;
  let apps: AppsApart;
  let at: readonly string[];
  let model: string;

  beforeAll(async () => {
    [postgres, clickhouse] = await Promise.all([
      openEmbeddedPostgres({ dataDir: join(folder, 'server'), passClosedFolders: true }),
      openClickHouseFront(),
    ]);
    const servers = { DATABASE_URL: postgres.url, HEED_CLICKHOUSE_URL: clickhouse.url };
    apps = await startAppsApart(folder, servers, 1);
    at = ['--url', apps.url];
  }, 120_000);
  afterAll(async () => {
    await apps.stop();
    await Promise.all([postgres.close(), clickhouse.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(name: string, sessions: number, startMs: number): Promise<void> {
    const file = join(folder, `${name}.jsonl`);
    writeFileSync(file, jsonlOf(defectLog({ sessions, name, startMs })));
    await heedJson(z.unknown(), ['import', file, ...at]);
    await caughtUp(apps.url);
  }
  const silentEnds = async (): Promise<number> =>
    (await heedJson(mineReport, ['mine', '--dry-run', ...at])).unlabelledEnds;
  /** How many sessions are compared otherwise than they would be derived now; all tables must be equal. */
  const verified = async (): Promise<number> => {
    const { tables, otherwiseJudged } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    return otherwiseJudged;
  };

  it('is trained in the learner, put live in control, and decides in the projector what comes then', async () => {
    await send('first', FIRST, Date.UTC(2026, 1, 1));
    const silent = await silentEnds();
    expect(silent).toBeGreaterThan(0);
    const card = await heedJson(modelCard, ['train', 'defect', '--seed', '3', ...at]);
    model = card.model;
    expect(card.rules?.replacesRules).toBe(true);
    // What every projector goes by, from the same event on.
    const { rows } = await postgres.pool.query<{ readonly recorded: unknown }>(
      `SELECT data->'besideRules' AS recorded FROM event_store WHERE type = 'model-evaluated.v1'`,
    );
    expect(rows).toEqual([{ recorded: { replacesRules: true, threshold: card.rules?.threshold } }]);
    expect(await heedJson(modelView, ['models', model, 'live', ...at])).toMatchObject({ status: 'live' });
    await send('second', LATER, Date.UTC(2026, 2, 1));
    expect(await silentEnds()).toBe(silent);
    expect(await verified()).toBe(FIRST);
  }, 240_000);

  it('decides all of them once control has replayed the log', async () => {
    expect((await heed(['replay', ...at])).code).toBe(0);
    expect(await silentEnds()).toBe(0);
    expect(await verified()).toBe(0);
  }, 240_000);

  it('leaves what comes to the rules again, in the projector too, once it is retired', async () => {
    await heedJson(modelView, ['models', model, 'retire', ...at]);
    await send('third', LATER, Date.UTC(2026, 3, 1));
    expect(await silentEnds()).toBeGreaterThan(0);
    expect(await verified()).toBe(FIRST + LATER);
  }, 240_000);

  it('is told of in no error of theirs', () => {
    for (const { printed } of [apps.collector, apps.learner, apps.control, ...apps.projectors])
      expect(printed()).not.toMatch(/"level":"error"/u);
  });
});
