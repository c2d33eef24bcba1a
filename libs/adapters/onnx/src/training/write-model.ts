import {
  cardOf,
  trainModel,
  type ObservedTurn,
  type TrainingOrder,
  type TrainingProgress,
  type WrittenModel,
} from '@heed/rewards';
import { modelIdOf } from '@heed/policies';
import { createHash } from 'node:crypto';
import { rewardGraph } from '../reward-graph.ts';

/** Trains, and writes what was learned: the file that serves, and its card. Throws the Faults of `trainModel`. */
export function writeModel(
  turns: readonly ObservedTurn[],
  order: TrainingOrder,
  heedVersion: string,
  progress: (progress: TrainingProgress) => void = () => undefined,
): WrittenModel {
  const trained = trainModel(turns, order, progress);
  const { head, bags, numbers } = trained;
  const file = rewardGraph(
    head,
    { bags: bags.length, numbers: numbers.length },
    { purpose: order.purpose, heedVersion },
  );
  const sha256 = createHash('sha256').update(file).digest('hex');
  const written = { sha256, bytes: file.length, heedVersion };
  return { file, card: cardOf(trained, order, written, modelIdOf(order.name, sha256)) };
}
