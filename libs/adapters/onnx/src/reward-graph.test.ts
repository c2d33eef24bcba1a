import { seededRandom } from '@heed/kernel';
import {
  FeatureReader,
  FEATURES_VERSION,
  fitIsotonic,
  fitPlatt,
  logitsOf,
  NetworkFit,
  scaled,
  scalingOf,
  scoreTurns,
  WideFit,
  type Calibration,
  type FeatureTable,
  type ReadableTurn,
  type RewardHead,
} from '@heed/rewards';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { rewardGraph } from './reward-graph.ts';

const WORDS = ['sorry', 'jazz', 'Zürich', 'the', 'alarm', '😀', 'weather?', 'no', '42', 'playing'];

/** Turns of any length, empty ones and one of 64 KiB among them. */
function turnsOf(count: number): readonly (ReadableTurn & { readonly label: number })[] {
  const random = seededRandom(7);
  const text = (most: number): string =>
    Array.from({ length: random.below(most) }, () => random.pick(WORDS)).join(' ');
  return Array.from({ length: count }, (_, n) => {
    const response = n === 3 ? 'word '.repeat(13_000) : text(30);
    return {
      context: n === 5 ? [] : [{ role: 'user' as const, text: text(12) }],
      response,
      label: Number(random.chance(response.includes('sorry') ? 0.2 : 0.7)),
    };
  });
}

const turns = turnsOf(300);
const table = new FeatureReader('answer').read(turns);
const labels = Uint8Array.from(turns, ({ label }) => label);

function headOf(withNetwork: boolean, method: Calibration['method']): RewardHead {
  const scaling = scalingOf(table);
  const own = scaled(table, scaling);
  const wide = new WideFit(own, labels, { strength: 0.3, numberScale: 0.3 });
  for (let pass = 0; pass < 4; pass++) wide.pass(seededRandom(7));
  const { bias, places, numbers } = wide.model();
  const linear = { bias, wide: Float32Array.from(places), numbers: Float32Array.from(numbers) };
  const deep = new NetworkFit(own, labels, logitsOf(linear, own), seededRandom(8));
  for (let epoch = 0; epoch < 2; epoch++) deep.epoch(seededRandom(9));
  const learned = { ...linear, ...(withNetwork && { network: deep.network() }) };
  const cases = { scores: logitsOf(learned, own), labels };
  const calibration: Calibration =
    method === 'platt' ? { method, ...fitPlatt(cases) } : { method, ...fitIsotonic(cases) };
  return { featuresVersion: FEATURES_VERSION, reading: 'answer', scaling, ...learned, calibration };
}

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
  const session = await InferenceSession.create(rewardGraph(head, table, { features: FEATURES_VERSION }));
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
      const head = headOf(withNetwork, method);
      const own = scoreTurns(head, table);
      const { logits, probabilities } = await served(head, atOnce);
      expect(logits).toHaveLength(turns.length);
      const apart = (a: Float64Array, b: readonly number[]): number =>
        Math.max(...b.map((value, at) => Math.abs(value - (a[at] ?? NaN))));
      expect(apart(own.logits, logits)).toBeLessThan(1e-5);
      expect(apart(own.probabilities, probabilities)).toBeLessThan(1e-5);
    },
  );

  it('serves a curve of a single knot', async () => {
    const head = {
      ...headOf(false, 'platt'),
      calibration: { method: 'isotonic' as const, knots: Float64Array.of(0), values: Float64Array.of(0.25) },
    };
    expect(new Set((await served(head, 300)).probabilities)).toEqual(new Set([0.25]));
  });
});
