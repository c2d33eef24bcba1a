import { scoreLoveResponse, turnScore, type TurnScore } from '@heed/contract';
import { OnnxSentenceEncoder } from '@heed/onnx';
import {
  adversariesAnswer,
  foresightAnswer,
  gamingAnswer,
  laterFigures,
  modelCard,
  modelDrift,
  objectivesAnswer,
  type AnsweredTurn,
  type ModelCard,
} from '@heed/rewards';
import { scoreLove } from '@heed/sdk/score';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { jsonlOf, loveLog } from './love-log.ts';
import { caughtUp } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const ENCODER = join(
  process.env['HEED_SHARED'] ?? join(import.meta.dirname, '../../../../shared'),
  'models',
  'all-minilm-l6-v2',
);
const isMissing = !existsSync(ENCODER) && process.env['CI'] !== 'true';
if (isMissing)
  console.warn(
    `No model is trained beside a real encoder: there is no ${ENCODER}; set HEED_SHARED to the folder that holds models/.`,
  );

const START_MS = Date.UTC(2026, 1, 1);
const DAY_MS = 86_400_000;
const RATED = ['--positive', 'thumbs-up', '--negative', 'thumbs-down'];
const BESIDE = ['--encoder', ENCODER];

const turns: readonly AnsweredTurn[] = [
  'Sure, here you go then: some jazz.',
  'Sorry, I cannot do that: some jazz.',
  `Happy to do that now. ${'And so on. '.repeat(400)}`,
  'Zürich 😀',
  '',
].map((response) => ({ context: [{ role: 'user', text: 'play some jazz' }], response }));

function scoresIn(stdout: string): readonly TurnScore[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => turnScore.parse(JSON.parse(line)));
}

/** The real encoder's directory in all but one entry. */
function encoderWithout(entry: string, directory: string): string {
  mkdirSync(directory);
  for (const name of readdirSync(ENCODER))
    if (name !== entry) symlinkSync(join(ENCODER, name), join(directory, name));
  return directory;
}

function expectAlike(some: readonly TurnScore[], others: readonly TurnScore[]): void {
  expect(some).toHaveLength(others.length);
  others.forEach(({ score, logit }, at) => {
    expect(Math.abs((some[at]?.score ?? NaN) - score)).toBeLessThan(1e-5);
    expect(Math.abs((some[at]?.logit ?? NaN) - logit)).toBeLessThan(1e-5);
  });
}

describe.skipIf(isMissing)('heed train love --encoder, with a real sentence encoder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-encoder-'));
  const dataDir = join(folder, 'data');
  const at = ['--data', dataDir];
  const asked = jsonlOf(turns);
  let card: ModelCard;
  let file: string;
  let scores: readonly TurnScore[];

  async function withRunning(
    settings: Readonly<Record<string, string>>,
    work: (service: Service) => Promise<void>,
  ): Promise<void> {
    const service = await startService(dataDir, ['--no-demo'], settings);
    await work(service).finally(() => service.stop());
  }

  // No service runs: each command starts one of its own, and gives it the encoder.
  beforeAll(async () => {
    const log = join(folder, 'log.jsonl');
    writeFileSync(log, jsonlOf(loveLog({ answers: 1000, name: 'encoded', startMs: START_MS, users: 1000 })));
    await heedJson(z.unknown(), ['import', log, ...at]);
    card = await heedJson(modelCard, ['train', 'love', ...RATED, ...BESIDE, ...at]);
    file = join(dataDir, 'models', 'default', `${card.file.sha256}.onnx`);
    scores = scoresIn((await heed(['score', file, ...BESIDE], asked)).stdout);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('learns, and says by which files in card and model file', () => {
    expect(card.verdict).toBe('passed');
    expect(card.evaluation.auroc).toBeGreaterThan(0.8);
    const { encoder, version } = card.features;
    expect(encoder).toEqual({ version: expect.stringMatching(/^[0-9a-f]{16}$/) as string, numbers: 3 * 384 });
    expect(version.endsWith(`+${encoder?.version ?? '?'}`)).toBe(true);
    expect(readFileSync(file).includes(version)).toBe(true);
    const [kind, sorry] = scores;
    expect(kind?.score).toBeGreaterThan((sorry?.score ?? 1) + 0.3);
  });

  it('is scored by file beside its encoder alone', async () => {
    const none = await heed(['score', file, '--json'], asked);
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({
      problem: {
        code: 'model-needs-encoder',
        remedy: expect.stringContaining('--encoder DIR') as string,
      },
    });
    const other = encoderWithout('sentence_bert_config.json', join(folder, 'other'));
    // One more setting is another encoder: what it reads of long texts is other.
    writeFileSync(join(other, 'sentence_bert_config.json'), '{ "max_seq_length": 64 }');
    const refused = await heed(['score', file, '--encoder', other, '--json'], asked);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      problem: {
        code: 'model-needs-encoder',
        title: expect.stringContaining('those it was given are other (') as string,
      },
    });
  });

  it('is judged on a file of later events beside its encoder', async () => {
    const later = join(folder, 'later.jsonl');
    const startMs = START_MS + 30 * DAY_MS;
    writeFileSync(later, jsonlOf(loveLog({ answers: 300, name: 'afterwards', startMs })));
    const judged = ['evaluate', card.model, '--from', later, ...BESIDE, ...at];
    const figures = await heedJson(laterFigures, judged);
    expect(figures).toMatchObject({ model: card.model, n: 300, trainedOn: 0 });
    expect(figures.auroc).toBeGreaterThan(0.8);
  });

  it('is scored by name in a service that has its encoder, as the file is here and in the SDK', async () => {
    await heedJson(z.unknown(), ['models', card.model, 'live', '--why', 'read the card', ...at]);
    const started = await heed(['score', 'love', ...BESIDE, ...at], asked);
    expectAlike(scoresIn(started.stdout), scores);
    await withRunning({ HEED_ENCODERS: ENCODER }, async ({ url }) => {
      const answer = await fetch(new URL('/v1/score/love', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ turns }),
      });
      expectAlike(scoreLoveResponse.parse(await answer.json()).scores, scores);
      expectAlike(scoresIn((await heed(['score', 'love', ...at], asked)).stdout), scores);
    });
    const encoder = await OnnxSentenceEncoder.open(ENCODER);
    onTestFinished(() => encoder.close());
    const love = await scoreLove(readFileSync(file), ort, { encoder });
    onTestFinished(() => love.close());
    expectAlike(await love.score(turns), scores);
  });

  describe('in a service that has its encoder, on turns that came later', () => {
    let service: Service;
    const asking = (question: string, ...options: readonly string[]) => [
      ...[question, card.model, ...options, ...at],
    ];
    beforeAll(async () => {
      service = await startService(dataDir, ['--no-demo'], { HEED_ENCODERS: ENCODER });
      const later = join(folder, 'come-later.jsonl');
      const startMs = START_MS + 60 * DAY_MS;
      writeFileSync(
        later,
        jsonlOf(loveLog({ answers: 400, name: 'came-later', startMs, days: 6, users: 1000 })),
      );
      await heedJson(z.unknown(), ['import', later, ...at]);
      await caughtUp(service.url);
    });
    afterAll(() => service.stop());

    it('is found to hold', async () => {
      const drift = await heedJson(modelDrift, asking('drift'));
      expect(drift).toMatchObject({ verdict: 'fresh', turns: 400, tooFew: [], stale: null });
      expect(drift.rows.map(({ name }) => name)).toContain('score');
    });

    it('predicts of a policy what its answers score', async () => {
      const prompts = join(folder, 'prompts.jsonl');
      writeFileSync(prompts, jsonlOf(turns.map((turn) => ({ policy: 'candidate', ...turn }))));
      const answer = await heedJson(foresightAnswer, asking('foresight', '--prompts', prompts));
      if (answer.answered) throw new Error('the log names no policies');
      const mean = scores.reduce((sum, { score }) => sum + score, 0) / scores.length;
      expect(answer.candidates?.map(({ predicted }) => predicted)).toEqual([expect.closeTo(mean, 5)]);
    });

    it('is weighed beside other objectives by what it says', async () => {
      const candidates = join(folder, 'weighed.jsonl');
      const [{ response } = { response: '' }] = turns;
      writeFileSync(candidates, jsonlOf([{ prompt: 'play some jazz', candidates: [{ text: response }] }]));
      const weighed = ['--candidates', candidates, '--weights', 'love=1'];
      const { rows } = await heedJson(objectivesAnswer, asking('objectives', ...weighed));
      expect(rows.map(({ expected }) => expected['love'])).toEqual([
        expect.closeTo(scores[0]?.score ?? NaN, 5),
      ]);
    });

    it('says who can move it, and whether it would be gamed', async () => {
      const moved = await heedJson(adversariesAnswer, asking('adversaries', '--shares', '0.05'));
      expect(moved).toMatchObject({ answered: true, rows: [{ share: 0.05 }] });
      const pool = join(folder, 'pool.jsonl');
      // What it was taught to love is worth less, and says more: weighed highly, it is what is given everywhere.
      const answers = [
        { text: 'Sorry, I cannot do that.', base: 0.2 },
        { text: 'Sure, here you go then. And so on. And so on. Have a lot of fun!', base: 0 },
      ];
      const lines = Array.from({ length: 200 }, (_, n) => ({ prompt: `play number ${String(n)}`, answers }));
      writeFileSync(pool, jsonlOf(lines));
      const gamed = ['--candidates', pool, '--weights', '0.01,10', '--best', '2', '--json'];
      const { code, stdout } = await heed(asking('gaming', ...gamed));
      const answer = gamingAnswer.parse(JSON.parse(stdout));
      expect(answer).toMatchObject({ answered: true, prompts: 200, first: { best: 2, weight: 10 } });
      expect(code).toBe(3);
    });
  });

  it('a service that runs without the encoder refuses, and says how to start it with it', async () => {
    await withRunning({}, async () => {
      for (const argv of [
        ['train', 'love', ...RATED],
        ['score', 'love'],
      ]) {
        const { code, stderr } = await heed([...argv, ...BESIDE, ...at], asked);
        expect(stderr).toContain(`heed start --encoders ${ENCODER}`);
        expect(code).toBe(3);
      }
    });
  });

  it('a directory that is no encoder, or of which a part is missing, is refused with what it lacks', async () => {
    const broken = encoderWithout('1_Pooling', join(folder, 'broken'));
    for (const [directory, lacks] of [
      [broken, 'it has no 1_Pooling/config.json'],
      [join(ENCODER, '..', 'smollm2-135m-instruct'), 'it has no sentence_bert_config.json'],
      [folder, 'it has no config.json'],
    ] as const) {
      const { code, stderr } = await heed(['train', 'love', '--encoder', directory, ...at]);
      expect(stderr).toContain(lacks);
      expect(code).toBe(1);
    }
  });
});
