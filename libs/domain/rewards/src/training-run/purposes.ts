import { DEFAULT_EXPOSURE } from '../exposure/exposure-rules.ts';
import { DEFECT_EXPOSURE } from '../exposure/stated-verdicts.ts';
import type { ModelPurpose } from '../serving/model-file.ts';
import type { TrainingOrder } from './training-order.ts';

/** What can be learned from a log, each with what its models read and which turns are examples unless an order says otherwise. */
export const TRAINED_PURPOSES = {
  love: { reading: 'answer', rules: DEFAULT_EXPOSURE },
  defect: { reading: 'aftermath', rules: DEFECT_EXPOSURE },
} as const satisfies Record<string, Pick<TrainingOrder, 'reading' | 'rules'>>;
export type TrainedPurpose = keyof typeof TRAINED_PURPOSES;

/** Whether models of the purpose are learned from a log, and say something of single turns. */
export function isTrained(purpose: ModelPurpose): purpose is TrainedPurpose {
  return Object.hasOwn(TRAINED_PURPOSES, purpose);
}
