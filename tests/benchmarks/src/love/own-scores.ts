import { fitHead, scoreTurns, type FeatureTable, type LabelledTable, type Scores } from '@heed/rewards';
import type { DataSet, Trial } from './data-sets.ts';
import { groupNumbers } from './rounds.ts';
import { takeTurns } from './take-turns.ts';

const SEED = 7;

/**
 * What Heed's model says of each answer in the round that tries it, NaN where none does. It is trained as `heed train` trains: nothing is chosen but by the
 * round's own `tune`. The constants of training are the same for every set. They were fixed before this bench was written, after earlier looks at some
 * of these sets: the figures are free of fitting, but not of that choice.
 */
export function ownScores(
  { reading, answers }: DataSet,
  { rounds }: Trial,
  table: FeatureTable,
  progress: (step: string) => void,
): Scores {
  const logits = new Float64Array(answers.length).fill(NaN);
  const probabilities = logits.slice();
  const groups = groupNumbers(answers);
  const labelled = (places: readonly number[]): LabelledTable => ({
    table: takeTurns(table, places),
    labels: Uint8Array.from(places, (place) => answers[place]?.label ?? 0),
    sessions: Uint32Array.from(places, (place) => groups[place] ?? 0),
  });
  rounds.forEach(({ fit, tune, test }, n) => {
    const during = (step: string): void => {
      progress(`round ${n + 1} of ${rounds.length}, ${step}`);
    };
    const { head } = fitHead(reading, labelled(fit), labelled(tune), 0, SEED, during);
    const own = scoreTurns(head, takeTurns(table, test));
    test.forEach((place, at) => {
      logits[place] = own.logits[at] ?? NaN;
      probabilities[place] = own.probabilities[at] ?? NaN;
    });
  });
  return { logits, probabilities };
}
