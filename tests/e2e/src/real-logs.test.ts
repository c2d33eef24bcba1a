import { decideResponse, deadLetterList, fixView, mineReport, replayReport } from '@heed/contract';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { heedJson, startService, type Service } from './run-heed.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const DATA = join(process.env['HEED_SHARED'] ?? join(REPOSITORY, '../shared'), 'data');
const isMissing = !existsSync(DATA) && process.env['CI'] !== 'true';
if (isMissing)
  console.warn(
    `Real logs are not imported: there is no ${DATA}; set HEED_SHARED to the folder that holds data/.`,
  );

const imported = z.object({ read: z.number(), accepted: z.number(), duplicates: z.number() });

/** 1 500 dialogues of CCPE and SGD: 19 683 turns, the rest ratings and outcomes. */
const USS_EVENTS = 94_238;
const balanced = z.object({ balanced: z.literal(true) });

const filesIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(DATA, folder))
    .filter((name) => pattern.test(name))
    .map((name) => join(DATA, folder, name));

describe.skipIf(isMissing)('real logs, from file to served rewrite', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-real-'));
  const at = ['--data', dataDir];
  let service: Service;

  beforeAll(async () => {
    service = await startService(dataDir);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('imports the Excite query log, and finds it all there the second time', async () => {
    const args = [
      'import',
      ...filesIn('excite_small', /\.log$/),
      '--map',
      'excite',
      '--tenant',
      'excite',
      ...at,
    ];
    const first = await heedJson(imported, args);
    expect(first).toMatchObject({ read: 4501, accepted: 3968, duplicates: 0 });
    const again = await heedJson(imported, args);
    expect(again.accepted).toBe(0);
  });

  it('imports ConvAI2 and USS', async () => {
    const convai = await heedJson(imported, [
      'import',
      ...filesIn('convai2_wild', /\.json(\.gz)?$/),
      '--map',
      'convai2',
      ...at,
    ]);
    expect(convai.read).toBe(1402 + 3005);
    const script = join(REPOSITORY, 'docs/import/uss-to-cloudevents.mjs');
    const uss = execFileSync(process.execPath, [script, ...filesIn('uss', /\.txt\.gz$/)], {
      maxBuffer: 1 << 30,
      encoding: 'utf8',
    });
    const ussImport = await heedJson(imported, ['import', '-', ...at], uss);
    expect(ussImport).toMatchObject({ accepted: USS_EVENTS, read: USS_EVENTS });
  }, 180_000);

  it('mines Excite, serves a rewrite, and takes it back', async () => {
    const excite = ['--tenant', 'excite', ...at];
    const silent = await heedJson(mineReport, ['mine', ...excite]);
    expect(silent.proposals).toEqual([]);
    // One day of traffic in 1997 is little: no typo in it is shared by three users.
    const gates = ['sessions=2', 'users=1'].flatMap((gate) => ['--gate', gate]);
    const report = await heedJson(mineReport, ['mine', '--unlabelled', 'success', ...gates, ...excite]);
    const found = report.proposals[0] ?? expect.fail('nothing was proposed');
    expect(found).toMatchObject({ from: 'yahoo caht', to: 'yahoo chat', sessions: 2 });
    const fix = z.string().parse(found.fix);
    await heedJson(fixView, ['fixes', fix, 'live', ...excite]);
    expect(await heedJson(decideResponse, ['decide', found.from, ...excite])).toMatchObject({
      rewrite: found.to,
      fix,
    });
    await heedJson(fixView, ['fixes', fix, 'retire', ...excite]);
    expect(await heedJson(decideResponse, ['decide', found.from, ...excite])).toMatchObject({
      rewrite: null,
    });
  });

  it('accounts for every event, and rebuilds the warehouse row for row', async () => {
    await heedJson(balanced, ['doctor', ...at]);
    expect((await heedJson(deadLetterList, ['dead-letters', ...at])).total).toBe(0);
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
  });
});
