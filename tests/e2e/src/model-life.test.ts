import { modelView } from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { modelCard } from '@heed/rewards';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { caughtUp } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const folder = mkdtempSync(join(tmpdir(), 'heed-model-life-'));
const dataDir = join(folder, 'data');
const at = ['--data', dataDir];
const train = ['train', 'love', '--positive', 'thumbs-up', '--negative', 'thumbs-down', '--seed', '3', ...at];
const erasure = z.object({ modelsMarkedStale: z.array(z.string()) });
let service: Service;

beforeAll(async () => {
  service = await startService(dataDir);
  const log = join(folder, 'log.jsonl');
  writeFileSync(
    log,
    ratedAnswers()
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  );
  await heedJson(z.unknown(), ['import', log, ...at]);
  await caughtUp(service.url);
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('goes live, is stale once a user it learnt from is forgotten, and once taken out does not come back', async () => {
  const first = (await heedJson(modelCard, train)).model;
  expect(await heedJson(modelView, ['models', first, 'live', ...at])).toMatchObject({ status: 'live' });

  // Nothing was learnt from somebody who never came.
  expect((await heedJson(erasure, ['erase', 'nobody', ...at])).modelsMarkedStale).toEqual([]);
  expect((await heedJson(erasure, ['erase', 'u-3', ...at])).modelsMarkedStale).toEqual([first]);
  expect(await heedJson(modelView, ['models', 'love', ...at])).toMatchObject({
    model: first,
    status: 'live',
    stale: { because: 'erasure', events: [expect.stringMatching(/./)], who: 'heed' },
  });

  const second = (await heedJson(modelCard, train)).model;
  expect(second).not.toBe(first);
  expect(await heedJson(modelView, ['models', second, ...at])).toMatchObject({ stale: null });
  // What is live stays live, until a person takes it out; then nobody brings it back.
  expect(await heedJson(modelView, ['models', 'love', ...at])).toMatchObject({
    model: first,
    status: 'live',
  });
  expect(await heedJson(modelView, ['models', first, 'retire', ...at])).toMatchObject({ status: 'retired' });
  const back = await heed(['models', first, 'live', '--json', ...at]);
  expect(back.code).toBe(3);
  const told = z.object({ problem: z.object({ code: z.string(), remedy: z.string() }) });
  expect(told.parse(JSON.parse(back.stdout)).problem).toMatchObject({
    code: 'model-stale',
    remedy: expect.stringContaining('Train again') as string,
  });
});

/** A session each, a thumb under every answer: the word decides how likely which. All words are of one length, since a model that goes by the length is refused. */
function ratedAnswers(): readonly object[] {
  const random = seededRandom(11);
  const words = ['gladly', 'surely', 'enough', 'normal', 'cannot', 'denied'];
  return Array.from({ length: 3000 }, (_, n) => {
    const word = random.below(words.length);
    const kind = random.chance(word < 3 ? 0.96 : 0.04) ? 'thumbs-up' : 'thumbs-down';
    const [subject, user] = [`s-${n}`, `u-${random.below(40)}`];
    const event = { specversion: '1.0', source: '/test', subject };
    const time = (afterMs: number): string =>
      new Date(Date.UTC(2026, 1, 1) + n * 600_000 + afterMs).toISOString();
    const turn = {
      turn: 't',
      user,
      request: { text: 'play some jazz' },
      response: { text: `${words[word] ?? ''} so` },
    };
    return [
      { ...event, id: `${subject}-t`, type: 'heed.turn.v1', time: time(0), data: turn },
      {
        ...event,
        id: `${subject}-r`,
        type: 'heed.reaction.v1',
        time: time(4000),
        data: { turn: 't', user, kind },
      },
    ];
  }).flat();
}
