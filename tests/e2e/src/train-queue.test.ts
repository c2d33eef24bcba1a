import { problem } from '@heed/contract';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonlOf, loveLog } from './love-log.ts';
import { caughtUp } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const progressLine = z.object({ progress: z.object({ step: z.string() }) });

const dataDir = mkdtempSync(join(tmpdir(), 'heed-train-queue-'));
const at = ['--data', dataDir];
let service: Service;

beforeAll(async () => {
  service = await startService(dataDir);
  const log = loveLog({ answers: 4000, name: 'queue', startMs: Date.UTC(2026, 1, 1) });
  await heedJson(z.unknown(), ['import', '-', '--format', 'cloudevents', ...at], jsonlOf(log));
  await caughtUp(service.url);
});
afterAll(async () => {
  await service.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Asks for a training, and follows what it is told until it goes. */
async function asking(seed: number) {
  const gone = new AbortController();
  const response = await fetch(`${service.url}/v1/train/love`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ positive: ['thumbs-up'], negative: ['thumbs-down'], seed }),
    signal: gone.signal,
  });
  if (response.body === null) throw new Error('an answer without a body');
  const body = Readable.fromWeb(response.body);
  const lines = createInterface({ input: body })[Symbol.asyncIterator]();
  const nextStep = async (): Promise<string> => {
    const { value } = await lines.next();
    return progressLine.parse(JSON.parse(z.string().parse(value))).progress.step;
  };
  const go = (): void => {
    body.on('error', () => undefined);
    gone.abort();
  };
  return { response, nextStep, go };
}

it('tells trainings how many they wait for, and refuses what is too much before it waits', async () => {
  const first = await asking(1);
  expect(await first.nextStep()).toBe('reading turns');
  const second = await asking(2);
  expect(await second.nextStep()).toBe('waiting for 1 other');
  const third = await asking(3);
  expect(await third.nextStep()).toBe('waiting for 2 others');
  const fourth = await asking(4);
  expect(await fourth.nextStep()).toBe('waiting for 3 others');

  const refused = await fetch(`${service.url}/v1/train/love`, { method: 'POST' });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
  expect(problem.parse(await refused.json())).toMatchObject({
    code: 'work-queue-full',
    detail: 'Of this tenant 4 pieces of such work are under way or wait, as many as may.',
  });
  const { code, stderr } = await heed(['train', 'love', ...at]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('Wait until one of them has ended')]);

  second.go();
  expect(await third.nextStep()).toBe('waiting for 1 other');
  expect(await fourth.nextStep()).toBe('waiting for 2 others');
  first.go();
  expect(await third.nextStep()).toBe('reading turns');
  expect(await fourth.nextStep()).toBe('waiting for 1 other');
  third.go();
  expect(await fourth.nextStep()).toBe('reading turns');
  fourth.go();
});
