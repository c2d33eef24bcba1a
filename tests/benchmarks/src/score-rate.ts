import type { GraphInputs } from '@heed/rewards';
import { Tensor, type InferenceSession } from 'onnxruntime-node';

/** Items a second of work that takes `count` of them. */
export async function rateOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (1000 * count) / (performance.now() - startedMs);
}

/** One run of a reward model's graph. */
export async function runGraph(
  session: InferenceSession,
  { turns, bags, grams, numbers, places, weights, values }: GraphInputs,
): Promise<void> {
  await session.run({
    places: new Tensor('int32', places, [turns, bags, grams]),
    weights: new Tensor('float32', weights, [turns, bags, grams]),
    numbers: new Tensor('float32', values, [turns, numbers]),
  });
}
