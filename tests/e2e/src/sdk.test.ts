import { fixView, mineReport } from '@heed/contract';
import { createHeed, served, type HeedProblem } from '@heed/sdk';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { caughtUp, postEvents } from './post-events.ts';
import { heedJson, startService, type Service } from './run-heed.ts';
import { testVectorEvents } from './test-vector.ts';

const doctor = z.object({ accepted: z.number(), stored: z.number(), balanced: z.boolean() });

describe('the SDK against a real Heed', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-sdk-'));
  const at = ['--data', dataDir];
  const problems: HeedProblem[] = [];
  let service: Service;
  let fix = '';

  beforeAll(async () => {
    service = await startService(dataDir);
    await postEvents(service.url, testVectorEvents());
    await caughtUp(service.url);
    const gates = ['sessions=1', 'users=1', 'similarity=0'].flatMap((gate) => ['--gate', gate]);
    const { proposals } = await heedJson(mineReport, ['mine', ...gates, ...at]);
    fix = z.string().parse(proposals.find(({ from }) => from === 'A')?.fix);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('decides from the bundle, shows a fix taken back at the next look, and its turns are not counted as the source', async () => {
    const heed = createHeed({
      url: service.url,
      refreshMs: 0,
      onProblem: (problem) => problems.push(problem),
    });
    await heed.ready;
    expect(heed.decide({ text: 'A' })).toMatchObject({ rewrite: null });

    await heedJson(fixView, ['fixes', fix, 'live', ...at]);
    await heed.refresh();
    const decision = heed.decide({ text: 'A' });
    expect(decision).toMatchObject({ rewrite: 'B', fix });
    heed.emit({
      type: 'heed.turn.v1',
      session: 'with-fix',
      data: { turn: 't', user: 'ada', request: { text: 'A' }, ...served(decision) },
    });
    expect(await heed.flush()).toBe(0);
    await caughtUp(service.url);
    const { accepted, balanced } = await heedJson(doctor, ['doctor', ...at]);
    expect({ accepted, balanced }).toEqual({ accepted: testVectorEvents().length + 1, balanced: true });
    const report = await heedJson(mineReport, [
      'mine',
      '--dry-run',
      '--gate',
      'similarity=0',
      '--gate',
      'users=1',
      ...at,
    ]);
    // Its turn is a state of its own: the source still has the 12 sessions it had.
    expect(report.states).toBe(4);
    expect(report.proposals.find(({ from }) => from === 'A')?.absorption.n_i).toBe(12);

    await heedJson(fixView, ['fixes', fix, 'retire', ...at]);
    await heed.refresh();
    expect(heed.decide({ text: 'A' })).toMatchObject({ rewrite: null });
    await heed.close();
    expect(problems).toEqual([]);
  });

  it('keeps the last good bundle, and what it has to say, when Heed is gone', async () => {
    const heed = createHeed({ url: service.url, refreshMs: 0 });
    await heed.ready;
    const before = heed.decide({ text: 'A' });
    await service.stop('SIGKILL');
    await heed.refresh();
    expect(heed.decide({ text: 'A' })).toEqual(before);
    heed.emit({ type: 'heed.turn.v1', session: 'later', data: { turn: 't', request: { text: 'A' } } });
    expect(await heed.flush(1000)).toBe(1);
    await heed.close(0);
    service = await startService(dataDir);
  });
});
