import { cloudEventOf } from '@heed/events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { caughtUp, postEvents } from './post-events.ts';
import { heedJson, startService, type Service } from './run-heed.ts';

const TURNS = 50_000;
const doctor = z.object({ accepted: z.number(), stored: z.number(), balanced: z.boolean() });
const dataDir = mkdtempSync(join(tmpdir(), 'heed-large-'));
let service: Service;

beforeAll(async () => {
  service = await startService(dataDir);
});
afterAll(async () => {
  await service.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('takes a session of 50 000 turns, and one more turn after it', async () => {
  const turn = (n: number) =>
    cloudEventOf({
      type: 'heed.turn.v1',
      id: `e-${n}`,
      session: 'endless',
      source: '/test',
      timeMs: Date.UTC(2026, 0, 1) + n * 1000,
      data: { turn: `t-${n}`, request: { text: `request number ${n}` } },
    });
  for (let n = 0; n < TURNS; n += 1000) {
    await postEvents(
      service.url,
      Array.from({ length: 1000 }, (_, i) => turn(n + i)),
    );
  }
  await postEvents(service.url, [turn(TURNS)]);
  await caughtUp(service.url);
  expect(await heedJson(doctor, ['doctor', '--data', dataDir])).toMatchObject({
    accepted: TURNS + 1,
    stored: TURNS + 1,
    balanced: true,
  });
});
