import {
  cardOf,
  trainModel,
  trainWithEncoder,
  type ObservedTurn,
  type SentenceEncoder,
  type TrainedHead,
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
  return written(trainModel(turns, order, progress), order, heedVersion);
}

/** The same beside a sentence encoder. Throws the Faults of `trainWithEncoder`. */
export async function writeModelWithEncoder(
  turns: readonly ObservedTurn[],
  order: TrainingOrder,
  heedVersion: string,
  encoder: SentenceEncoder,
  progress: (progress: TrainingProgress) => void = () => undefined,
): Promise<WrittenModel> {
  return written(await trainWithEncoder(turns, order, encoder, progress), order, heedVersion);
}

function written(trained: TrainedHead, order: TrainingOrder, heedVersion: string): WrittenModel {
  const { head, bags } = trained;
  const file = rewardGraph(
    head,
    { bags: bags.length, numbers: head.numbers.length },
    { purpose: order.purpose, heedVersion },
  );
  const sha256 = createHash('sha256').update(file).digest('hex');
  const facts = { sha256, bytes: file.length, heedVersion };
  return { file, card: cardOf(trained, order, facts, modelIdOf(order.name, sha256)) };
}
