/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { FeatureReader, fitHead, scoreTurns, type FeatureTable, type Reading } from '@heed/rewards';
import { averageRecall, averageRecallOfRounds, balancedClass, recallsOf } from './balanced-classes.ts';
import type { Tried } from './quality-table.ts';
import { askReference } from './reference-scores.ts';
import { foldsByGroup, groupNumbers, type Round } from './rounds.ts';
import { takeTurns } from './take-turns.ts';
import { ussRatings, type RatedAnswer } from './uss-answers.ts';

const SEED = 7;
const CLASSES = 5;
const READING: Reading = 'aftermath';
export const SATISFACTION_CLASSES = 'uss-classes';

/**
 * Which of five classes of satisfaction an answer is of (USS SGD, the raters' mean rounded), with the user's next words: unweighted average recall by dialogue. Heed learns
 * the four borders between classes as it learns any model, the reference is scikit-learn's with balanced classes. Once over all answers, and once the mean over the
 * rounds: most rounds have nobody of the lowest class to find, whom nobody finds.
 */
export async function satisfactionClasses(
  data: string,
  python: string | undefined,
  progress: (step: string) => void,
): Promise<readonly Tried[]> {
  const answers = await ussRatings(data, 'SGD');
  const truth = Uint8Array.from(answers, ({ satisfaction }) => Math.round(satisfaction) - 1);
  const rounds = foldsByGroup(answers);
  const native = ownClasses(answers, truth, rounds, progress);
  const reference = python === undefined ? undefined : await referenceClasses(answers, truth, rounds, python);
  const told = { native, ...(reference && { reference }) };
  const groups = groupNumbers(answers);
  const roundOf = new Uint8Array(answers.length);
  rounds.forEach(({ test }, round) => {
    for (const place of test) roundOf[place] = round;
  });
  const measured = (name: string, recall: typeof averageRecall): Tried => {
    const recalls = recallsOf(truth, told, groups, SEED, recall);
    const beside = reference && {
      reference: recalls.reference,
      nativeOverReference: recalls.nativeOverReference,
    };
    return {
      name,
      quality: { measure: 'UAR', cases: answers.length, native: recalls.native, ...beside },
    };
  };
  return [
    measured('USS SGD, five classes, with what came next', averageRecall),
    measured('the same, the mean of five rounds', averageRecallOfRounds(roundOf)),
  ];
}

function ownClasses(
  answers: readonly RatedAnswer[],
  truth: Uint8Array,
  rounds: readonly Round[],
  progress: (step: string) => void,
): Uint8Array {
  const table = new FeatureReader(READING).read(answers.map(({ turn }) => turn));
  const told = new Uint8Array(answers.length);
  rounds.forEach(({ fit, tune, test }, n) => {
    const tested = takeTurns(table, test);
    const shares = sharesOf(truth, [...fit, ...tune]);
    const borders = Array.from({ length: CLASSES - 1 }, (_, border) => {
      progress(`round ${n + 1} of ${rounds.length}, border ${border + 1} of ${CLASSES - 1}`);
      return aboveBorder(border, table, truth, fit, tune, tested);
    });
    test.forEach((place, at) => {
      told[place] = balancedClass(
        borders.map((above) => above[at]!),
        shares,
      );
    });
  });
  return told;
}

/** How likely each tested answer is above the border; where the border has nobody on one side to learn or to choose by, how common that is. */
function aboveBorder(
  border: number,
  table: FeatureTable,
  truth: Uint8Array,
  fit: readonly number[],
  tune: readonly number[],
  tested: FeatureTable,
): Float64Array {
  const [own, chosenBy] = [fit, tune].map((places) =>
    Uint8Array.from(places, (place) => Number(truth[place]! > border)),
  );
  const isTold = [own!, chosenBy!].every((labels) => labels.includes(0) && labels.includes(1));
  if (!isTold) {
    const share = [...own!, ...chosenBy!].reduce((sum, label) => sum + label, 0) / (fit.length + tune.length);
    return new Float64Array(tested.turns).fill(share);
  }
  const { head } = fitHead(
    READING,
    { table: takeTurns(table, fit), labels: own! },
    { table: takeTurns(table, tune), labels: chosenBy! },
    0,
    SEED,
  );
  return scoreTurns(head, tested).probabilities;
}

async function referenceClasses(
  answers: readonly RatedAnswer[],
  truth: Uint8Array,
  rounds: readonly Round[],
  python: string,
): Promise<Uint8Array> {
  const turns = answers.map(({ turn }) => turn);
  const found = await askReference(
    { reading: READING, turns, labels: [...truth], rounds, tells: 'classes' },
    python,
  );
  const told = new Uint8Array(answers.length);
  found.forEach((own, n) => {
    rounds[n]?.test.forEach((place, at) => (told[place] = own[at]!));
  });
  return told;
}

function sharesOf(truth: Uint8Array, places: readonly number[]): readonly number[] {
  const shares = new Array<number>(CLASSES).fill(0);
  for (const place of places) shares[truth[place]!]! += 1 / places.length;
  return shares;
}
