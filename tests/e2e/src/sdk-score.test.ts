import { seededRandom } from '@heed/kernel';
import { rewardGraph } from '@heed/onnx';
import {
  FeatureReader,
  fitHead,
  readWithEncoder,
  scoreTurns,
  type AnsweredTurn,
  type RewardHead,
} from '@heed/rewards';
import { scoreLove, type SentenceEncoder } from '@heed/sdk/score';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const WORDS = ['sorry', 'jazz', 'Zürich', 'the', 'alarm', '😀', 'no', 'playing'];
const reader = new FeatureReader('answer');

function examples(count: number, seed: number): { turns: AnsweredTurn[]; labels: Uint8Array } {
  const random = seededRandom(seed);
  const text = (): string => Array.from({ length: random.below(12) }, () => random.pick(WORDS)).join(' ');
  const turns = Array.from({ length: count }, () => ({
    context: [{ role: 'user' as const, text: text() }],
    response: text(),
  }));
  const labels = Uint8Array.from(turns, ({ response }) =>
    Number(random.chance(response.includes('sorry') ? 0.1 : 0.8)),
  );
  return { turns, labels };
}

const [fit, tune] = [examples(300, 1), examples(100, 2)];
const [fitted, tuned] = [fit, tune].map(({ turns, labels }) => ({ table: reader.read(turns), labels })) as [
  { table: ReturnType<FeatureReader['read']>; labels: Uint8Array },
  { table: ReturnType<FeatureReader['read']>; labels: Uint8Array },
];
const { head } = fitHead('answer', fitted, tuned, 0, 7);
const file = rewardGraph(head, fitted.table, { purpose: 'love', heedVersion: '0.1.0' });

/** How often each of some words is said: as far as a model can tell, an encoder like any other. */
function countingEncoder(version: string, words: readonly string[]): SentenceEncoder {
  const rowOf = (text: string): readonly number[] =>
    words.map((word) => text.split(' ').filter((said) => said === word).length);
  return {
    version,
    size: words.length,
    embed: (texts) => Promise.resolve(Float32Array.from(texts.flatMap(rowOf))),
  };
}

describe("the SDK's scoreLove over onnxruntime-node", () => {
  it('says what the code that trained the file says, to 1e-5', async () => {
    const love = await scoreLove(file, ort);
    onTestFinished(() => love.close());
    const own = scoreTurns(head, fitted.table);
    const scores = await love.score(fit.turns);
    expect(scores).toHaveLength(fit.turns.length);
    scores.forEach(({ score, logit }, at) => {
      expect(Math.abs(score - (own.probabilities[at] ?? NaN))).toBeLessThan(1e-5);
      expect(Math.abs(logit - (own.logits[at] ?? NaN))).toBeLessThan(1e-5);
    });
  });

  it.each([
    ['an empty file', new Uint8Array(), 'model-empty'],
    ['half of one', file.slice(0, file.length / 2), 'model-truncated'],
    ['a flipped bit', file.with(500_000, (file[500_000] ?? 0) ^ 1), 'model-damaged'],
    [
      'a model of what was said next',
      rewardGraph(head, fitted.table, { purpose: 'followup', heedVersion: '0.1.0' }),
      'model-purpose-differs',
    ],
  ])('refuses %s', async (_, bytes, code) => {
    await expect(scoreLove(bytes, ort)).rejects.toMatchObject({ code });
  });
});

describe("the SDK's scoreLove of a model that was trained beside a sentence encoder", () => {
  const encoder = countingEncoder('counts-1', ['sorry', 'jazz']);
  let beside: RewardHead;
  let besideFile: Uint8Array;
  beforeAll(async () => {
    const [own, later] = await Promise.all(
      [fit, tune].map(async ({ turns, labels }) => ({
        table: await readWithEncoder('answer', turns, encoder),
        labels,
      })),
    );
    if (own === undefined || later === undefined) throw new RangeError('two parts');
    beside = fitHead('answer', own, later, 0, 7).head;
    besideFile = rewardGraph(beside, own.table, { purpose: 'love', heedVersion: '0.1.0' });
  });

  it('says what the code that trained the file says, to 1e-5, in the order of the turns', async () => {
    const love = await scoreLove(besideFile, ort, { encoder });
    onTestFinished(() => love.close());
    const own = scoreTurns(beside, await readWithEncoder('answer', fit.turns, encoder));
    const scores = await love.score(fit.turns);
    expect(scores).toHaveLength(fit.turns.length);
    scores.forEach(({ score, logit }, at) => {
      expect(Math.abs(score - (own.probabilities[at] ?? NaN))).toBeLessThan(1e-5);
      expect(Math.abs(logit - (own.logits[at] ?? NaN))).toBeLessThan(1e-5);
    });
  });

  it.each([
    ['none', undefined, 'model-needs-encoder', /counts-1, and none was given/],
    ['another', { ...encoder, version: 'counts-2' }, 'model-needs-encoder', /this one is counts-2/],
    [
      'one that gives fewer vectors than texts',
      { ...encoder, embed: () => Promise.resolve(new Float32Array(2)) },
      'encoder-gives-otherwise',
      /gave 2 numbers for 2 texts/,
    ],
    [
      'one of its version whose vectors are longer',
      countingEncoder('counts-1', WORDS),
      'encoder-gives-otherwise',
      /of vectors of 8/,
    ],
  ] as const)('refuses as it is loaded: %s', async (_, given, code, says) => {
    const loading = scoreLove(besideFile, ort, given === undefined ? {} : { encoder: given });
    await expect(loading).rejects.toMatchObject({ code, message: expect.stringMatching(says) as string });
  });

  it('passes an encoder over where the model needs none', async () => {
    const love = await scoreLove(file, ort, { encoder });
    onTestFinished(() => love.close());
    const own = scoreTurns(head, fitted.table);
    const [first] = await love.score(fit.turns.slice(0, 1));
    expect(Math.abs((first?.logit ?? NaN) - (own.logits[0] ?? NaN))).toBeLessThan(1e-5);
  });
});
