import { Fault } from '@heed/kernel';
import { isTrained, TRAINED_PURPOSES } from '../training-run/purposes.ts';
import type { ModelFacts } from './model-file.ts';

/** Throws Fault `model-purpose-differs` unless the model says something of single turns, from what models of its purpose read. */
export function checkScoresTurns({ purpose, reading }: ModelFacts, name: string): void {
  if (isTrained(purpose) && TRAINED_PURPOSES[purpose].reading === reading) return;
  throw new Fault(
    'model-purpose-differs',
    `${name} is a ${purpose} model that reads the ${reading}.`,
    'Give a model file of `heed train love` or `heed train defect`.',
  );
}
