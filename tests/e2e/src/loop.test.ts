import { fixView, mineReport, decideResponse, replayReport } from '@heed/contract';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { caughtUp, postEvents } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';
import { testVectorEvents } from './test-vector.ts';

const GATES = ['sessions=1', 'users=1', 'similarity=0'].flatMap((gate) => ['--gate', gate]);
const doctor = z.object({
  accepted: z.number(),
  stored: z.number(),
  deadLettered: z.number(),
  balanced: z.boolean(),
});

describe('the loop, on the test vector', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-loop-'));
  const at = ['--data', dataDir];
  let service: Service;
  let fix = '';

  beforeAll(async () => {
    service = await startService(dataDir);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('accepts every event once, and the same again as duplicates', async () => {
    const events = testVectorEvents();
    const first = await postEvents(service.url, events);
    expect(new Set(first.results.map(({ status }) => status))).toEqual(new Set(['accepted']));
    const again = await postEvents(service.url, events);
    expect(new Set(again.results.map(({ status }) => status))).toEqual(new Set(['duplicate']));
    await caughtUp(service.url);
    expect(await heedJson(doctor, ['doctor', ...at])).toMatchObject({
      accepted: events.length,
      stored: events.length,
      deadLettered: 0,
      balanced: true,
    });
  });

  it("mines the vector's figures and its two rewrites", async () => {
    const report = await heedJson(mineReport, ['mine', ...at, ...GATES]);
    expect(report).toMatchObject({ turns: 42, sessions: 28, states: 3 });
    const found = new Map(report.proposals.map((proposal) => [`${proposal.from}>${proposal.to}`, proposal]));
    expect([...found.keys()].sort()).toEqual(['A>B', 'C>B']);
    const { absorption, ...ab } = found.get('A>B') ?? expect.fail('A>B is missing');
    expect(ab).toMatchObject({ wins: 8, losses: 0, users: 8, sessions: 8 });
    expect(absorption).toMatchObject({ n_i: 12, n_j: 22, Q_ij: 0.5 });
    expect(absorption.N_ij).toBeCloseTo(0.65625, 9);
    expect(absorption.R_j).toBeCloseTo(21 / 22, 9);
    expect(absorption.B).toBeCloseTo(0.62642, 6);
    expect(found.get('C>B')?.absorption).toMatchObject({ n_i: 8, n_j: 22, Q_ij: 0.625 });
    expect(found.get('C>B')?.absorption.B).toBeCloseTo(0.596591, 6);
    fix = z.string().parse(ab.fix);
  });

  it('proposes the same fix when mined again, not another', async () => {
    const report = await heedJson(mineReport, ['mine', ...at, ...GATES]);
    expect(report.proposals.map((proposal) => proposal.fix)).toContain(fix);
    expect(report.daysCounted).toEqual([]);
  });

  it('serves the better wording once the fix is live, with who and why on record', async () => {
    expect(await heedJson(decideResponse, ['decide', 'A', ...at])).toMatchObject({
      rewrite: null,
      fix: null,
    });
    const live = await heedJson(fixView, [
      'fixes',
      fix,
      'live',
      '--who',
      'ada',
      '--why',
      'reads well',
      ...at,
    ]);
    expect(live.status).toBe('live');
    expect(live.history.at(-1)).toMatchObject({ status: 'live', who: 'ada', why: 'reads well' });
    expect(await heedJson(decideResponse, ['decide', ' A! ', ...at])).toMatchObject({ rewrite: 'B', fix });
  });

  it('takes a fix back by one command, and the next decision shows it', async () => {
    await heedJson(fixView, ['fixes', fix, 'retire', ...at]);
    expect(await heedJson(decideResponse, ['decide', 'A', ...at])).toMatchObject({
      rewrite: null,
      fix: null,
    });
  });

  it('says no, with 3, to a step that the fix cannot take', async () => {
    await heedJson(fixView, ['fixes', fix, 'block', ...at]);
    const refused = await heed(['fixes', fix, 'live', ...at]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/block/);
  });

  it('finds every table equal when the warehouse is built again from the log', async () => {
    const report = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(report.events).toBe(testVectorEvents().length);
    expect(report.tables.filter(({ equal }) => equal !== true)).toEqual([]);
    expect(report.tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['turns', 'signals', 'labels', 'chain_steps', 'dead_letters', 'transitions']),
    );
  });

  it('keeps it all over a kill', async () => {
    await service.stop('SIGKILL');
    service = await startService(dataDir);
    expect(await heedJson(doctor, ['doctor', ...at])).toMatchObject({
      accepted: testVectorEvents().length,
      balanced: true,
    });
    expect(await heedJson(fixView, ['fixes', fix, ...at])).toMatchObject({ status: 'blocked' });
  });
});
