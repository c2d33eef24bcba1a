import { mineReport, modelView, replayReport } from '@heed/contract';
import { modelCard } from '@heed/rewards';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defectLog } from './defect-log.ts';
import { jsonlOf } from './love-log.ts';
import { caughtUp } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const folder = mkdtempSync(join(tmpdir(), 'heed-defect-live-'));
const dataDir = join(folder, 'data');
const at = ['--data', dataDir];
let service: Service;

beforeAll(async () => {
  service = await startService(dataDir);
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function send(name: string, sessions: number, startMs: number): Promise<void> {
  const file = join(folder, `${name}.jsonl`);
  writeFileSync(file, jsonlOf(defectLog({ sessions, name, startMs })));
  await heedJson(z.unknown(), ['import', file, ...at]);
  await caughtUp(service.url);
}
async function verified(): Promise<number> {
  const { tables, otherwiseJudged } = await heedJson(replayReport, ['replay', '--verify', ...at]);
  expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
  return otherwiseJudged;
}
const silentEnds = async (): Promise<number> =>
  (await heedJson(mineReport, ['mine', '--dry-run', ...at])).unlabelledEnds;

describe('a model of failed turns that a person put live', () => {
  let model: string;

  it('is shown to replace the rules, which new sessions follow, a replay all of them', async () => {
    await send('first', 1500, Date.UTC(2026, 1, 1));
    const silent = await silentEnds();
    expect(silent).toBeGreaterThan(0);
    const card = await heedJson(modelCard, ['train', 'defect', '--seed', '3', ...at]);
    model = card.model;
    const { besideRules } = await heedJson(modelView, ['models', model, ...at]);
    expect(besideRules).toEqual({ replacesRules: true, why: card.rules?.why });
    expect((await heed(['models', model, 'live', ...at])).code).toBe(0);
    await send('second', 200, Date.UTC(2026, 2, 1));
    expect(await silentEnds()).toBe(silent);
    expect(await verified()).toBe(1500);
    const { stdout } = await heed(['replay', '--verify', ...at]);
    expect(stdout).toContain(
      '1,500 sessions did not get their outcomes by what decides those of new sessions now',
    );
    expect((await heed(['replay', ...at])).code).toBe(0);
    expect(await silentEnds()).toBe(0);
    expect(await verified()).toBe(0);
  }, 120_000);

  it('leaves sessions to the rules again once it is retired', async () => {
    expect((await heed(['models', model, 'retire', ...at])).code).toBe(0);
    expect(await verified()).toBe(1700);
    expect((await heed(['replay', ...at])).code).toBe(0);
    expect(await verified()).toBe(0);
    expect(await silentEnds()).toBeGreaterThan(0);
  }, 120_000);
});
