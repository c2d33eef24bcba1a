import { cloudEventOf } from '@heed/events';
import { laterFigures, modelCard, type ModelCard } from '@heed/rewards';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loveLog } from './love-log.ts';
import { importLog, jsonlFile } from './import-log.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const START_MS = Date.UTC(2026, 1, 1);
const DAY_MS = 86_400_000;
const THUMBS = ['--positive', 'thumbs-up', '--negative', 'thumbs-down'];

const folder = mkdtempSync(join(tmpdir(), 'heed-train-'));
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

function fileOf(name: string, events: readonly unknown[]): string {
  return jsonlFile(folder, name, events);
}

async function importInto(tenant: string, events: readonly unknown[]): Promise<void> {
  await importLog(fileOf(`${tenant}.jsonl`, events), tenant, at, service.url);
}

describe('heed train love, on a log of rated answers', () => {
  let card: ModelCard;
  const page = join(folder, 'card.html');

  beforeAll(async () => {
    await importInto('default', loveLog({ answers: 3000, name: 'first', startMs: START_MS }));
    card = await heedJson(modelCard, ['train', 'love', ...THUMBS, '--seed', '3', '--card', page, ...at]);
  });

  it('learns what is loved, and every gate says so', () => {
    expect(card.gates.filter(({ passed }) => !passed)).toEqual([]);
    expect(card.verdict).toBe('passed');
    expect(card.counts).toMatchObject({ turns: 3000, reactions: 3000, reactors: 300, examples: 3000 });
    expect(card.evaluation.auroc).toBeGreaterThan(0.8);
    expect(card.evaluation.intervals.auroc.low).toBeGreaterThan(card.evaluation.lengthAuroc ?? 1);
    expect(Date.parse(card.parts.tune.from)).toBeGreaterThan(Date.parse(card.parts.fit.to));
    expect(Date.parse(card.parts.test.from)).toBeGreaterThan(Date.parse(card.parts.tune.to));
  });

  it('keeps the file that its card names, and records the model', async () => {
    const kept = readFileSync(join(dataDir, 'models', 'default', `${card.file.sha256}.onnx`));
    expect(createHash('sha256').update(kept).digest('hex')).toBe(card.file.sha256);
    expect(kept).toHaveLength(card.file.bytes);
    const view = z.object({ model: z.string(), status: z.string(), version: z.string() });
    expect(await heedJson(view, ['models', card.model, ...at])).toMatchObject({
      model: card.model,
      status: 'passed',
      version: card.file.sha256,
    });
  });

  it('writes the card as a page that loads nothing', () => {
    const html = readFileSync(page, 'utf8');
    expect(html).toContain(`<h1>${card.model}</h1>`);
    expect(html).toMatch(/<svg[^]*<circle/);
    expect(html).not.toMatch(/<script|<link|src=|https?:/);
  });

  it('gives the same bytes for the same log and seed, and others for another', async () => {
    const again = await heedJson(modelCard, ['train', 'love', ...THUMBS, '--seed', '3', ...at]);
    expect(again).toEqual(card);
    const other = await heedJson(modelCard, ['train', 'love', ...THUMBS, '--seed', '4', ...at]);
    expect(other.file.sha256).not.toBe(card.file.sha256);
  });

  it('has models of other names beside it', async () => {
    const other = await heedJson(modelCard, [
      'train',
      'love',
      ...['--positive', 'thumbs-down', '--negative', 'thumbs-up', '--name', 'unloved', ...at],
    ]);
    expect(other.model).toMatch(/^unloved-/);
    expect(other.counts.positives).toBe(card.counts.negatives);
  });

  it('is judged on a file of later events, and leaves out what it was trained on', async () => {
    const later = loveLog({ answers: 400, name: 'later', startMs: START_MS + 30 * DAY_MS, users: 2000 });
    const seen = loveLog({ answers: 3000, name: 'first', startMs: START_MS }).slice(0, 200);
    const file = fileOf('later-file.jsonl', [...later, ...seen]);
    const figures = await heedJson(laterFigures, ['evaluate', card.model, '--from', file, ...at]);
    expect(figures).toMatchObject({ model: card.model, n: 400, trainedOn: 100 });
    expect(figures.auroc).toBeGreaterThan(0.8);
  });

  it('is judged on what came in later, once something has', async () => {
    const none = await heed(['evaluate', card.model, ...at]);
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('the end of what');
    const later = loveLog({ answers: 300, name: 'afterwards', startMs: START_MS + 30 * DAY_MS });
    await importInto('default', later);
    const figures = await heedJson(laterFigures, ['evaluate', card.model, ...at]);
    expect(figures).toMatchObject({ n: 300 });
    expect(figures.auroc).toBeGreaterThan(0.8);
  });

  it('says which models there are not', async () => {
    const missing = await heed(['evaluate', 'none', ...at]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('There is no model none');
  });
});

describe('heed train love refuses what nothing can be learned from', () => {
  const log = loveLog({ answers: 400, name: 'bad', startMs: START_MS, users: 2000 });
  const day = (n: number): number => START_MS + n * DAY_MS;
  const withoutThumbs = log.filter(({ type }) => type === 'heed.turn.v1');
  const allUp = log.map((event) =>
    event.type === 'heed.reaction.v1' ? { ...event, data: { turn: 't0', kind: 'thumbs-up' } } : event,
  );

  it.each([
    ['nothing', [], 'There are no turns yet', 'heed import'],
    ['no reactions', withoutThumbs, 'None of the 400 turns has a reaction that stands', '200 positive'],
    ['one class only', allUp, 'All 400 examples are positive', '--negative'],
    ['50 reactions', log.slice(0, 100), '50 reactions that count', '200 of either would be enough'],
    [
      'one user',
      loveLog({ answers: 400, name: 'bad', startMs: START_MS, users: 1 }),
      'of 1 user: a model of them says nothing about others',
      'reactions of 10 users would be enough',
    ],
    [
      'one day',
      loveLog({ answers: 1600, name: 'bad', startMs: day(0), days: 0.9, users: 100 }),
      'are of one day, 2026-02-01',
      'Examples of 2 days would be enough',
    ],
    [
      'empty responses',
      log.map((event) =>
        event.type === 'heed.turn.v1' ? { ...event, data: { turn: 't0', request: { text: 'hm' } } } : event,
      ),
      'None of the 400 turns has an answer with a text',
      'response',
    ],
  ] as const)('%s', async (name, events, says, remedy) => {
    const tenant = `bad-${name.replaceAll(' ', '-')}`;
    if (events.length > 0) await importInto(tenant, events);
    const kinds =
      name === 'one class only' ? ['--positive', 'thumbs-up', '--negative', 'thumbs-down'] : THUMBS;
    const { code, stderr } = await heed(['train', 'love', ...kinds, '--tenant', tenant, ...at]);
    expect(stderr).toContain(says);
    expect(stderr).toContain(remedy);
    expect(code).toBe(3);
    expect(existsSync(join(dataDir, 'models', tenant))).toBe(false);
  });

  it('takes an answer of 64 KiB among the others', async () => {
    const long = cloudEventOf({
      session: 'long',
      source: '/love',
      type: 'heed.turn.v1',
      id: 'long-turn',
      timeMs: day(1),
      data: {
        turn: 't0',
        user: 'u-1',
        request: { text: 'all of it' },
        response: { text: 'word '.repeat(13_107) },
      },
    });
    const thumb = cloudEventOf({
      session: 'long',
      source: '/love',
      type: 'heed.reaction.v1',
      id: 'long-thumb',
      timeMs: day(1) + 1000,
      data: { turn: 't0', user: 'u-1', kind: 'thumbs-down' },
    });
    await importInto('long', [...loveLog({ answers: 500, name: 'bad', startMs: START_MS }), long, thumb]);
    const card = await heedJson(modelCard, ['train', 'love', ...THUMBS, '--tenant', 'long', ...at]);
    expect(card.counts.turns).toBe(501);
    expect(readdirSync(join(dataDir, 'models', 'long'))).toHaveLength(2);
  });

  it('a kind that is both, a name that is none, and a purpose that is none', async () => {
    const train = (...options: string[]) => heed(['train', ...options, ...at]);
    expect(await train('love', '--positive', 'love', '--negative', 'love')).toMatchObject({ code: 2 });
    expect(await train('love', '--name', '../x')).toMatchObject({ code: 2 });
    expect(await train('hate')).toMatchObject({ code: 2 });
  });
});
