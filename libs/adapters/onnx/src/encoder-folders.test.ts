import { eventId, Fault, seededRandom, sessionId, tenantId, turnId, userId } from '@heed/kernel';
import {
  DEFAULT_EXPOSURE,
  readWithEncoder,
  scoreTurns,
  trainModel,
  trainWithEncoder,
  type ObservedTurn,
  type TrainingOrder,
  type TrainingProgress,
} from '@heed/rewards';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EncoderFolders } from './encoder-folders.ts';
import { checkedModel } from './model-file.ts';
import { RewardScorer } from './reward-scorer.ts';
import { lookUpGraph, smallEncoderFiles, STATES, writeFiles } from './sentence-encoder.fixture.ts';
import { ThreadTrainer } from './training/thread-trainer.ts';

const SHARED = process.env['HEED_SHARED'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
const MINI_LM = join(SHARED, 'models', 'all-minilm-l6-v2');
const isMissing = !existsSync(MINI_LM) && process.env['CI'] !== 'true';
if (isMissing)
  console.warn(
    `No model is trained beside the real encoder: there is no ${MINI_LM}; set HEED_SHARED to the folder that holds models/`,
  );

const folder = mkdtempSync(join(tmpdir(), 'heed-encoders-'));
const small = join(folder, 'small');
const other = join(folder, 'other');
const broken = join(folder, 'broken');
beforeAll(() => {
  for (const path of [small, other, broken]) mkdirSync(path);
  writeFiles(small, smallEncoderFiles());
  const states = STATES.map((row) => row.toReversed());
  writeFiles(other, { ...smallEncoderFiles(), 'onnx/model.onnx': lookUpGraph('input_ids', states) });
  writeFiles(broken, smallEncoderFiles());
  rmSync(join(broken, 'tokenizer.json'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function foldersOf(...directories: readonly string[]): EncoderFolders {
  const folders = new EncoderFolders(directories);
  onTestFinished(() => folders.close());
  return folders;
}

const order: TrainingOrder = {
  ...{ tenant: tenantId('acme'), name: 'love', purpose: 'love', reading: 'answer' },
  ...{ rules: { ...DEFAULT_EXPOSURE, positive: ['love'], negative: ['angry'] }, seed: 7, trainedAtMs: 1 },
};

function turnsOf(count: number): readonly ObservedTurn[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, (_, n) => {
    const isKind = random.chance(0.5);
    const atMs = Date.UTC(2026, 0, 1) + n * 3_600_000;
    const id = `e-${String(n)}`;
    return {
      ...{ turn: turnId('t0'), event: eventId(id), session: sessionId(id), atMs },
      user: userId(`u-${String(n % 60)}`),
      context: [{ role: 'user', text: random.pick(['play jazz', 'stop now']) }],
      response: `${isKind ? 'play now' : 'stop'} number ${String(random.below(50))}`,
      reactions: [
        {
          ...{ event: eventId(`r-${id}`), atMs: atMs + 1 },
          kind: random.chance(isKind ? 0.92 : 0.08) ? 'love' : 'angry',
        },
      ],
    };
  });
}

const turns = turnsOf(800);
async function* all(): AsyncGenerator<readonly ObservedTurn[]> {
  yield await Promise.resolve(turns);
}

describe('folders of encoders', () => {
  it('find theirs by name and by version, and load each once', async () => {
    const folders = foldersOf(small, other);
    const { version, name } = await folders.find('other');
    expect(name).toBe('other');
    expect(version).not.toBe((await folders.find('small')).version);
    expect(await folders.open(version)).toBe(await folders.open('other'));
  });

  it('say which there are where another is asked for, and that there are none', async () => {
    await expect(foldersOf(small).find('../small')).rejects.toMatchObject({
      code: 'encoder-unknown',
      message: expect.stringMatching(/those it was given are small \([0-9a-f]{16}\)/) as string,
      remedy: expect.stringContaining('HEED_ENCODERS') as string,
    });
    await expect(foldersOf().find('small')).rejects.toThrow('it was given none');
  });

  it('say what one lacks, which holds up no other', async () => {
    const folders = foldersOf(broken, small);
    expect(await folders.find('small')).toMatchObject({ directory: small });
    await expect(folders.find('broken')).rejects.toMatchObject({
      code: 'encoder-unreadable',
      message: expect.stringContaining('it has no tokenizer.json') as string,
    });
  });
});

it('is not used where its files became others since they were found', async () => {
  const changing = join(folder, 'changing');
  mkdirSync(changing);
  writeFiles(changing, smallEncoderFiles());
  const folders = foldersOf(changing);
  const { version } = await folders.find('changing');
  writeFiles(changing, { 'sentence_bert_config.json': { max_seq_length: 5 } });
  for (const asked of [version, 'changing'])
    await expect(folders.open(asked)).rejects.toMatchObject({
      code: 'encoder-unreadable',
      message: expect.stringContaining(`(${version}) when this process first read them`) as string,
    });
});

async function trainedBeside(directory: string, asked: string) {
  const steps: TrainingProgress[] = [];
  const watch = {
    progress: (step: TrainingProgress) => steps.push(step),
    signal: new AbortController().signal,
  };
  const trainer = new ThreadTrainer('0.1.0', { encoders: [directory] });
  const model = await trainer.train(all(), { ...order, encoder: asked }, watch);
  return { ...model, steps };
}

describe.each([
  ['a small encoder', small, 'small'],
  ['all-MiniLM-L6-v2', MINI_LM, 'all-minilm-l6-v2'],
])('a model trained on a thread beside %s', (_, directory, name) => {
  const isSkipped = directory === MINI_LM && isMissing;
  it.skipIf(isSkipped)(
    'is scored by its file as by the code that trained it, to 1e-5, and names its encoder',
    async () => {
      const { file, card, steps } = await trainedBeside(directory, name);
      const folders = foldersOf(directory);
      const encoder = await folders.open(name);
      expect(card.features).toMatchObject({
        version: `grams-1+${encoder.version}`,
        encoder: { version: encoder.version, numbers: 3 * encoder.size },
      });
      expect(steps.map(({ step }) => step)).toContain('encoding turns');
      const { head } = await trainWithEncoder(turns, order, encoder);
      const some = turns.slice(0, 300);
      const own = scoreTurns(head, await readWithEncoder('answer', some, encoder));
      const scorer = await RewardScorer.of(checkedModel(file, 'love'), 'love', { encoders: folders });
      const served = await scorer.score(some).finally(() => scorer.close());
      const apart = (a: Float64Array, b: Float64Array): number =>
        Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? NaN))));
      expect(apart(own.logits, served.logits)).toBeLessThan(1e-5);
      expect(apart(own.probabilities, served.probabilities)).toBeLessThan(1e-5);
    },
  );
});

describe('beside an encoder', () => {
  it('a model is refused by another one, by the hash of its files', async () => {
    const { file } = await trainedBeside(small, 'small');
    const scored = RewardScorer.of(checkedModel(file, 'love'), 'love', { encoders: foldersOf(other) });
    await expect(scored).rejects.toMatchObject({
      code: 'model-needs-encoder',
      message: expect.stringMatching(/There is no sentence encoder [0-9a-f]{16} here.*other/) as string,
    });
  });

  it('a training does not begin where the encoder is unknown', async () => {
    await expect(trainedBeside(small, 'other')).rejects.toMatchObject({ code: 'encoder-unknown' });
  });

  it('a training ends when it is told to, while it encodes', async () => {
    const stop = new AbortController();
    const gone = new Fault('work-cut-short', 'The caller went.', 'Run it again.');
    const progress = ({ step }: TrainingProgress): void => {
      if (step === 'encoding turns') stop.abort(gone);
    };
    const trainer = new ThreadTrainer('0.1.0', { encoders: [small] });
    const training = trainer.train(all(), { ...order, encoder: 'small' }, { progress, signal: stop.signal });
    await expect(training).rejects.toBe(gone);
  });

  it('more examples than there is memory for are refused before any is encoded', async () => {
    const encoder = await foldersOf(small).open('small');
    const steps: string[] = [];
    const watch = ({ step }: TrainingProgress): unknown => steps.push(step);
    await expect(trainWithEncoder(turns, order, encoder, watch, 9 * 4 * 100)).rejects.toMatchObject({
      code: 'training-too-many-examples',
      message: expect.stringContaining('holds 100') as string,
    });
    expect(steps).not.toContain('encoding turns');
  });

  it('parts that there is memory for one by one, but not together, are refused as well, each with its size', async () => {
    const encoder = await foldersOf(small).open('small');
    const { sample, parts } = trainModel(turns, order);
    const [fit, tune] = [sample.examples.length, parts.tune.length];
    const bytes = 9 * 4 * Math.max(fit, tune, parts.test.length);
    const steps: string[] = [];
    const watch = ({ step }: TrainingProgress): unknown => steps.push(step);
    await expect(trainWithEncoder(turns, order, encoder, watch, bytes)).rejects.toMatchObject({
      code: 'training-too-many-examples',
      message: expect.stringContaining(`${fit} examples to fit on, ${tune} to choose by`) as string,
    });
    expect(steps).not.toContain('encoding turns');
  });
});
