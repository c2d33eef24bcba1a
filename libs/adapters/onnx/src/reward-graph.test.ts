import { scoreTurns, type FeatureTable, type RewardHead } from '@heed/rewards';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { rewardGraph } from './reward-graph.ts';
import { trainedHead, trainingTable as table } from './trained-heads.fixture.ts';

/** Of these turns of the table, as the graph takes them: bags are filled up to the longest. */
function inputsFor(
  { bags, numbers, starts, places, weights, values }: FeatureTable,
  from: number,
  to: number,
) {
  const lengths = Array.from({ length: (to - from) * bags }, (_, bag) => {
    const at = from * bags + bag;
    return (starts[at + 1] ?? 0) - (starts[at] ?? 0);
  });
  const longest = Math.max(1, ...lengths);
  const dims = [to - from, bags, longest];
  const own = {
    places: new Int32Array(lengths.length * longest),
    weights: new Float32Array(lengths.length * longest),
  };
  lengths.forEach((length, bag) => {
    const start = starts[from * bags + bag] ?? 0;
    own.places.set(places.subarray(start, start + length), bag * longest);
    own.weights.set(weights.subarray(start, start + length), bag * longest);
  });
  return {
    places: new Tensor('int32', own.places, dims),
    weights: new Tensor('float32', own.weights, dims),
    numbers: new Tensor('float32', values.slice(from * numbers, to * numbers), [to - from, numbers]),
  };
}

async function served(
  head: RewardHead,
  atOnce: number,
): Promise<{ logits: number[]; probabilities: number[] }> {
  const session = await InferenceSession.create(
    rewardGraph(head, table, { purpose: 'love', heedVersion: '0.1.0' }),
  );
  const all = { logits: [] as number[], probabilities: [] as number[] };
  for (let from = 0; from < table.turns; from += atOnce) {
    const { logit, probability } = await session.run(
      inputsFor(table, from, Math.min(table.turns, from + atOnce)),
    );
    all.logits.push(...Array.from(logit?.data ?? [], Number));
    all.probabilities.push(...Array.from(probability?.data ?? [], Number));
  }
  await session.release();
  return all;
}

describe('a written graph in onnxruntime', () => {
  it.each([
    [false, 'platt', 64],
    [true, 'platt', 1],
    [true, 'isotonic', 64],
  ] as const)(
    'scores as the code that trained it, to 1e-5: network %s, %s, %i at once',
    async (withNetwork, method, atOnce) => {
      const head = trainedHead(withNetwork, method);
      const own = scoreTurns(head, table);
      const { logits, probabilities } = await served(head, atOnce);
      expect(logits).toHaveLength(table.turns);
      const apart = (a: Float64Array, b: readonly number[]): number =>
        Math.max(...b.map((value, at) => Math.abs(value - (a[at] ?? NaN))));
      expect(apart(own.logits, logits)).toBeLessThan(1e-5);
      expect(apart(own.probabilities, probabilities)).toBeLessThan(1e-5);
    },
  );

  it('serves a curve of a single knot', async () => {
    const head = {
      ...trainedHead(false, 'platt'),
      calibration: { method: 'isotonic' as const, knots: Float64Array.of(0), values: Float64Array.of(0.25) },
    };
    expect(new Set((await served(head, 300)).probabilities)).toEqual(new Set([0.25]));
  });
});
