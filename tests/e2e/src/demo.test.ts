import { fixList, mineReport } from '@heed/contract';
import { musicAndWeather } from '@heed/simulation';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

describe('the demo, on an empty folder', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-demo-'));
  const at = ['--data', dataDir, '--tenant', 'demo'];
  let service: Service;

  beforeAll(async () => {
    service = await startService(dataDir, []);
    while (!/npx heed mine/.test(service.printed())) await delay(50);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('finds every planted pair and none of the planted decoys', async () => {
    const { proposals } = await heedJson(mineReport, ['mine', ...at]);
    const found = new Set(proposals.map(({ from, to }) => `${from} > ${to}`));
    const { planted, decoys } = musicAndWeather.truth;
    expect(planted.map(({ from, to }) => `${from} > ${to}`).filter((pair) => !found.has(pair))).toEqual([]);
    expect(decoys.map(({ from, to }) => `${from} > ${to}`).filter((pair) => found.has(pair))).toEqual([]);
  });

  it('puts one fix live and prints where to go on', async () => {
    const { fixes } = await heedJson(fixList, ['fixes', ...at]);
    expect(fixes.filter(({ status }) => status === 'live')).toHaveLength(1);
    for (const line of [
      'demo tenant',
      `${service.url}/docs`,
      'npx heed import',
      'npx heed mine',
      'npx heed fixes',
    ]) {
      expect(service.printed()).toContain(line);
    }
  });

  it('goes by one command, and does not come back', async () => {
    expect((await heed(['demo', 'remove', '--data', dataDir])).code).toBe(0);
    expect((await heedJson(fixList, ['fixes', ...at])).fixes).toEqual([]);
    await service.stop();
    service = await startService(dataDir, []);
    expect((await heedJson(fixList, ['fixes', ...at])).fixes).toEqual([]);
  });
});
