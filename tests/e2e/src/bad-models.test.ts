import { modelView, problem, scoreLoveResponse } from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { modelCard } from '@heed/rewards';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonlOf, loveLog } from './love-log.ts';
import { caughtUp } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const folder = mkdtempSync(join(tmpdir(), 'heed-bad-models-'));
const dataDir = join(folder, 'data');
const at = ['--data', dataDir];
const rated = ['--positive', 'thumbs-up', '--negative', 'thumbs-down', '--seed', '3'];
const turns = [{ context: [{ role: 'user', text: 'play some jazz' }], response: 'Sure, here you go then.' }];
let service: Service;
let model: string;
/** Where the model that is live is kept, and its bytes. */
let kept: string;
let whole: Buffer;

beforeAll(async () => {
  service = await startService(dataDir);
  const log = loveLog({ answers: 3000, name: 'first', startMs: Date.UTC(2026, 1, 1) });
  await heedJson(z.unknown(), ['import', '-', '--format', 'cloudevents', ...at], jsonlOf(log));
  await caughtUp(service.url);
  const card = await heedJson(modelCard, ['train', 'love', ...rated, ...at]);
  model = card.model;
  kept = join(dataDir, 'models', 'default', `${card.file.sha256}.onnx`);
  whole = readFileSync(kept);
  await heedJson(z.unknown(), ['models', 'love', 'live', '--why', 'the test', ...at]);
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

const live = () => heedJson(modelView, ['models', 'love', ...at]);

function score(): Promise<Response> {
  return fetch(new URL('/v1/score/love', service.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ turns }),
  });
}

/** As an ONNX file of another program begins: the version of the format, who wrote it, and an empty graph. */
const foreign = Buffer.from([8, 8, 0x12, 7, ...Buffer.from('pytorch'), 0x3a, 0]);

/** The file with a text of its metadata made another of the same length. */
function renamed(from: string, to: string): Buffer {
  const [copy, place] = [Buffer.from(whole), whole.indexOf(from)];
  expect(place).toBeGreaterThan(0);
  copy.write(to, place);
  return copy;
}

function changedInTheMiddle(): Buffer {
  const copy = Buffer.from(whole);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

describe('heed score by a file', () => {
  it.each([
    [
      'of another program',
      () => foreign,
      /ONNX model that Heed did not write \(it is by pytorch\)/,
      'heed train',
    ],
    [
      'that is cut off',
      () => whole.subarray(0, whole.length / 2),
      /part of it is missing/,
      'Copy or download',
    ],
    ['that is empty', () => Buffer.alloc(0), /is empty/, 'Copy or download'],
    ['that is a text', () => Buffer.from('{"context": []}\n'), /no ONNX/, 'heed train'],
    ['with a bit changed', changedInTheMiddle, /is damaged/, 'Copy or download'],
    [
      'of another feature version',
      () => renamed('grams-1', 'grams-0'),
      /on the features grams-0, and this Heed reads grams-1/,
      'Train it again with this Heed',
    ],
  ] as const)('%s says what is wrong, and scores nothing', async (name, bytes, says, remedy) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.onnx`);
    writeFileSync(path, bytes());
    const { code, stdout, stderr } = await heed(['score', path, ...at], jsonlOf(turns));
    expect(stderr).toMatch(says);
    expect(stderr).toContain(remedy);
    expect([code, stdout]).toEqual([1, '']);
  });

  it('says so where there is none, or a folder', async () => {
    mkdirSync(join(folder, 'folder.onnx'));
    for (const name of ['missing.onnx', 'folder.onnx']) {
      const { code, stdout, stderr } = await heed(['score', join(folder, name), ...at], jsonlOf(turns));
      expect(stderr).toContain(name);
      expect([code, stdout]).toEqual([1, '']);
    }
  });
});

describe('a model that is live', () => {
  it('stays so, and is whole again by the same training, when its file is cut off where it is kept', async () => {
    truncateSync(kept, whole.length / 2);
    const refused = await score();
    expect(problem.parse(await refused.json())).toMatchObject({ code: 'model-truncated' });
    expect(refused.status).toBe(500);
    expect(await live()).toMatchObject({ model, status: 'live' });
    await heedJson(modelCard, ['train', 'love', ...rated, ...at]);
    expect(readFileSync(kept).equals(whole)).toBe(true);
    expect(await live()).toMatchObject({ model, status: 'live' });
    expect(scoreLoveResponse.parse(await (await score()).json()).model).toBe(model);
  });

  it('stays so by a training that has nothing to learn from', async () => {
    const { code, stderr } = await heed(['train', 'love', '--positive', 'wow', ...at]);
    expect(stderr).toContain('none of them is wow. There are');
    expect(stderr).toContain('what is live stays live');
    expect(code).toBe(3);
    expect(await live()).toMatchObject({ model, status: 'live' });
  });

  it('stays so by a training that the gates refuse, and the one refused cannot take its place', async () => {
    const random = seededRandom(5);
    const noise = loveLog({ answers: 2000, name: 'noise', startMs: Date.UTC(2026, 2, 1) }).map((event) =>
      event.type === 'heed.reaction.v1'
        ? { ...event, data: { ...event.data, kind: random.chance(0.5) ? 'wow' : 'meh' } }
        : event,
    );
    await heedJson(z.unknown(), ['import', '-', '--format', 'cloudevents', ...at], jsonlOf(noise));
    await caughtUp(service.url);
    const kinds = ['--positive', 'wow', '--negative', 'meh'];
    const { stdout } = await heed(['train', 'love', ...kinds, '--json', ...at]);
    const card = modelCard.parse(JSON.parse(stdout));
    expect(card.verdict).toBe('refused');
    for (const called of [card.model, card.name]) {
      const moved = await heed(['models', called, 'live', '--why', 'the test', ...at]);
      expect(moved.stderr).toContain(`${card.model} was refused by`);
      expect(moved.stderr).toContain('Nobody can put it live');
      expect(moved.code).toBe(3);
    }
    expect(await live()).toMatchObject({ model, status: 'live' });
  });
});
