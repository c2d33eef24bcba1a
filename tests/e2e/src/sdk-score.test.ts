import { seededRandom } from '@heed/kernel';
import { rewardGraph } from '@heed/onnx';
import { FeatureReader, fitHead, scoreTurns, type AnsweredTurn } from '@heed/rewards';
import { scoreLove } from '@heed/sdk/score';
import * as ort from 'onnxruntime-node';
import { describe, expect, it, onTestFinished } from 'vitest';

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
