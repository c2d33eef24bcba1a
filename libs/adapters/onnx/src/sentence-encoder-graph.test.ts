import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@heed/kernel';
import {
  checkEncoder,
  fitHead,
  readModelFile,
  readWithEncoder,
  scoreByGraph,
  scoreTurns,
  type FeatureTable,
  type ReadableTurn,
  type RewardHead,
} from '@heed/rewards';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rewardGraph } from './reward-graph.ts';
import { smallEncoderFiles, VOCABULARY, writeFiles } from './sentence-encoder.fixture.ts';
import { OnnxSentenceEncoder } from './sentence-encoder.ts';

const random = seededRandom(7);
const words = (most: number): string =>
  Array.from({ length: random.below(most) }, () => random.pick(VOCABULARY)).join(' ');
const turns = Array.from({ length: 400 }, (): ReadableTurn => {
  return { context: [{ role: 'user', text: words(4) }], response: words(9) };
});
const labels = Uint8Array.from(turns, ({ response }) =>
  Number(random.chance(response.includes('jazz') ? 0.8 : 0.3)),
);

const folder = mkdtempSync(join(tmpdir(), 'heed-encoder-'));
let encoder: OnnxSentenceEncoder;
let table: FeatureTable;
let head: RewardHead;
beforeAll(async () => {
  writeFiles(folder, smallEncoderFiles());
  encoder = await OnnxSentenceEncoder.open(folder);
  table = await readWithEncoder('answer', turns, encoder);
  const part = async (from: number, to: number) => ({
    table: await readWithEncoder('answer', turns.slice(from, to), encoder),
    labels: labels.slice(from, to),
  });
  head = fitHead('answer', await part(0, 300), await part(300, 400), 0, 7).head;
});
afterAll(async () => {
  await encoder.close();
  rmSync(folder, { recursive: true });
});

describe('a model with a sentence encoder, written as a graph', () => {
  const origin = { purpose: 'love', heedVersion: '0.1.0' } as const;

  it('scores as the code that trained it, to 1e-5', async () => {
    const session = await InferenceSession.create(rewardGraph(head, table, origin));
    const served = await scoreByGraph(table, async ({ turns: n, bags, grams, numbers, ...given }) => {
      const { logit, probability } = await session.run({
        places: new Tensor('int32', given.places, [n, bags, grams]),
        weights: new Tensor('float32', given.weights, [n, bags, grams]),
        numbers: new Tensor('float32', given.values, [n, numbers]),
      });
      return {
        logit: Float32Array.from(logit?.data ?? [], Number),
        probability: Float32Array.from(probability?.data ?? [], Number),
      };
    });
    await session.release();
    const own = scoreTurns(head, table);
    for (const [turn, logit] of own.logits.entries()) {
      expect(Math.abs(logit - (served.logits[turn] ?? NaN))).toBeLessThan(1e-5);
      expect(Math.abs((own.probabilities[turn] ?? NaN) - (served.probabilities[turn] ?? NaN))).toBeLessThan(
        1e-5,
      );
    }
  });

  it('is not served by what reads native features alone, or with another encoder', () => {
    const { facts } = readModelFile(rewardGraph(head, table, origin), 'love.onnx');
    for (const other of [undefined, 'ffff'])
      expect(() => checkEncoder(facts, other, 'love.onnx')).toThrow(
        `love.onnx was trained beside the sentence encoder ${encoder.version}`,
      );
    expect(() => checkEncoder(facts, encoder.version, 'love.onnx')).not.toThrow();
  });
});
