import { replayReport } from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { musicAndWeather, simulateSessions } from '@heed/simulation';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { heed, heedJson, startHeed, startService, type Service } from '@heed/test-e2e';

const KILLS = 8;
const doctor = z.object({
  accepted: z.number(),
  stored: z.number(),
  deadLettered: z.number(),
  lag: z.number(),
  balanced: z.boolean(),
});
const imported = z.object({ read: z.number(), accepted: z.number(), duplicates: z.number() });

describe('kill -9 at random moments of an import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-kill-'));
  const dataDir = join(folder, 'data');
  const file = join(folder, 'events.jsonl');
  let service: Service | undefined;

  afterAll(async () => {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses nothing and doubles nothing, whoever is killed', async () => {
    const options = { sessions: 12_000, users: 900, untilMs: Date.UTC(2026, 2, 1), days: 5, prefix: 'k' };
    const events = [...simulateSessions(musicAndWeather, seededRandom(3), options)].flat();
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));

    const random = seededRandom(11);
    for (let kill = 0; kill < KILLS; kill++) {
      service = await startService(dataDir);
      const importing = startHeed(['import', file, '--data', dataDir]);
      importing.stdin.end();
      importing.stdout.resume();
      importing.stderr.resume();
      const ended = once(importing, 'exit');
      await Promise.race([ended, delay(100 + random.below(1500))]);
      // One time in three it is the importing side that dies; then the service dies a moment later all the same.
      if (random.chance(0.35)) importing.kill('SIGKILL');
      await service.stop('SIGKILL');
      importing.kill('SIGKILL');
      await ended;
    }

    service = await startService(dataDir);
    const last = await heedJson(imported, ['import', file, '--data', dataDir]);
    expect(last.read).toBe(events.length);
    const account = await heedJson(doctor, ['doctor', '--data', dataDir]);
    expect(account).toMatchObject({
      accepted: events.length,
      stored: events.length,
      deadLettered: 0,
      lag: 0,
      balanced: true,
    });
    const { tables } = await heedJson(replayReport, ['replay', '--verify', '--data', dataDir]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    expect(tables.find(({ table }) => table === 'turns')?.rows).toBe(
      events.filter(({ type }) => type === 'heed.turn.v1').length,
    );
  });

  it('finds everything duplicate when the whole file is sent again under another name', async () => {
    const again = join(folder, 'again.jsonl');
    expect((await heed(['import', file, '--data', dataDir])).code).toBe(0);
    writeFileSync(again, `\n${readFileSync(file, 'utf8')}`);
    const { accepted, duplicates, read } = await heedJson(imported, [
      'import',
      again,
      '--format',
      'cloudevents',
      '--data',
      dataDir,
    ]);
    expect({ accepted, duplicates }).toEqual({ accepted: 0, duplicates: read });
  });
});
