import { turnScore } from '@heed/contract';
import type { CloudEvent } from '@heed/events';
import { recordMapper, SHIPPED_MAPPINGS } from '@heed/importing';
import { laterFigures, modelCard, type ModelCard } from '@heed/rewards';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonlOf } from './love-log.ts';
import { caughtUp } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const DATA = join(
  process.env['HEED_SHARED'] ?? join(import.meta.dirname, '../../../../shared'),
  'data',
  'convai2_wild',
);
const FILES = ['data_volunteers.json.gz', 'data_intermediate.json'].map((name) => join(DATA, name));
const isMissing = !existsSync(DATA) && process.env['CI'] !== 'true';
if (isMissing)
  console.warn(
    `No model is learned from real thumbs: there is no ${DATA}; set HEED_SHARED to the folder that holds data/.`,
  );

const THUMBS = ['--positive', 'thumbs-up', '--negative', 'thumbs-down'];
/** Thumbs by which a model that was trained before them is judged. */
const LATER_SHARE = 0.2;

const dialogues = z.array(
  z.looseObject({
    start_time: z.string(),
    dialog: z.array(z.looseObject({ evaluation_score: z.number().nullish() })),
  }),
);
type Dialogue = z.infer<typeof dialogues>[number];

/** ConvAI2 "in the wild": 1 814 answers of bots with a thumb up or down, of 537 people. */
describe.skipIf(isMissing)('heed train love, on thumbs that people gave', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-thumbs-'));
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

  async function trainedOn(files: readonly string[], tenant: string): Promise<ModelCard> {
    const imported = ['import', ...files, '--map', 'convai2', '--tenant', tenant, ...at];
    await heedJson(z.unknown(), imported);
    await caughtUp(service.url);
    return heedJson(modelCard, ['train', 'love', ...THUMBS, '--tenant', tenant, ...at]);
  }

  it('finds later thumbs better than the length does, and says in the card what holds it back', async () => {
    const { counts, capped, leftOut, evaluation, gates, verdict, file } = await trainedOn(FILES, 'default');
    expect(counts.reactions + capped.user + capped.burst).toBe(1814);
    expect(counts.examples + leftOut.capped + leftOut.torn).toBeGreaterThan(1700);
    expect(evaluation.intervals.overLength.low).toBeGreaterThan(0);
    expect(evaluation.auroc).toBeGreaterThan(0.62);
    expect(evaluation.overBaseRate).toBeGreaterThan(0);
    // Its scores follow the length, as these thumbs do, more closely than those of a model that goes live may. That thumbs up became more and then fewer again,
    // 56 % of those it learned from, 80 % of the next and 69 % of the last, may hold it back as well: it says how sure it is by what came last but one.
    const refusing = gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
    expect(refusing).toContain('not-length');
    expect(['not-length', 'calibrated', 'better-than-base-rate']).toEqual(expect.arrayContaining(refusing));
    expect(verdict).toBe('refused');

    const turns = [
      { context: [{ role: 'user', text: 'Hi! How are you?' }], response: 'I am great, how are you?' },
      { context: [{ role: 'user', text: 'Hi! How are you?' }], response: 'i do not know. i do not know.' },
    ];
    const asked = await heed(['score', 'love', ...at], jsonlOf(turns));
    expect(asked.code).toBe(3);
    expect(asked.stderr).toContain('love');
    const onnx = join(dataDir, 'models', 'default', `${file.sha256}.onnx`);
    const { code, stdout } = await heed(['score', onnx], jsonlOf(turns));
    expect(code).toBe(0);
    const [kind = NaN, dull = NaN] = stdout
      .trim()
      .split('\n')
      .map((line) => turnScore.parse(JSON.parse(line)).score);
    expect(kind).toBeGreaterThan(dull);
  });

  it('is judged on a file of CloudEvents of what came later', async () => {
    const { earlier, later } = cutByThumbs(FILES.flatMap(dialoguesIn));
    const [before, after] = [join(folder, 'before.json'), join(folder, 'after.jsonl')];
    writeFileSync(before, JSON.stringify(earlier));
    writeFileSync(after, jsonlOf(eventsOf(later)));
    const card = await trainedOn([before], 'earlier');
    const figures = await heedJson(laterFigures, [
      'evaluate',
      'love',
      ...['--from', after, '--tenant', 'earlier', ...at],
    ]);
    expect(figures).toMatchObject({ model: card.model, trainedOn: 0 });
    expect(figures.n).toBeGreaterThan(250);
    expect(figures.intervals.auroc.low).toBeGreaterThan(0.55);
    expect(figures.auroc).toBeGreaterThan(Math.max(figures.lengthAuroc ?? 1, 0.62));
  });
});

function dialoguesIn(file: string): readonly Dialogue[] {
  const bytes = readFileSync(file);
  return dialogues.parse(JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')));
}

function cutByThumbs(all: readonly Dialogue[]): {
  readonly earlier: readonly Dialogue[];
  readonly later: readonly Dialogue[];
} {
  const inOrder = all.toSorted((a, b) => (a.start_time < b.start_time ? -1 : 1));
  const thumbsOf = ({ dialog }: Dialogue): number =>
    dialog.filter(({ evaluation_score: score }) => score === 0 || score === 1).length;
  const thumbs = inOrder.reduce((sum, dialogue) => sum + thumbsOf(dialogue), 0);
  let seen = 0;
  const cut = inOrder.findIndex((dialogue) => (seen += thumbsOf(dialogue)) > (1 - LATER_SHARE) * thumbs);
  return { earlier: inOrder.slice(0, cut), later: inOrder.slice(cut) };
}

/** What an application would have sent of these dialogues, by the mapping that imports them. */
function eventsOf(all: readonly Dialogue[]): readonly CloudEvent[] {
  const mapping = SHIPPED_MAPPINGS.get('convai2') ?? expect.fail('the mapping is gone');
  const eventsIn = recordMapper(mapping, {
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  return all.flatMap((dialogue, record) => {
    const events = eventsIn(dialogue, { record });
    return events.ok ? events.value : expect.fail(events.error.detail);
  });
}
