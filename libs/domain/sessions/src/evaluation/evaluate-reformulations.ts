import { normaliseText } from '@heed/kernel';
import { readRequest } from '../asked-turn.ts';
import type { ReformulationModel } from '../reformulation/reformulation-model.ts';
import { REFORMULATION_THRESHOLD } from '../reformulation/reformulation-rules.ts';
import { classificationFigures, type ClassificationFigures } from './classification-figures.ts';
import type { LabelledPair } from './labelled-pair.ts';

export interface ReformulationFigures {
  readonly model: ClassificationFigures;
  /** What needs no model, over the same pairs: a claim is only worth what it adds to these. */
  readonly baselines: {
    /** Any word in common, of the normalised texts split at blanks. Its AUROC is over the number of them. */
    readonly anySharedWord: ClassificationFigures;
    /** The shorter text's length / the longer's; positive from a half on. */
    readonly lengthOnly: ClassificationFigures;
  };
}

/** Scores each pair as neighbours of a session of which nothing else is known, at the default threshold. */
export function evaluateReformulations(
  pairs: readonly LabelledPair[],
  model: ReformulationModel,
): ReformulationFigures {
  return {
    model: figures(pairs, (pair) => scoreOf(pair, model), REFORMULATION_THRESHOLD),
    baselines: {
      anySharedWord: figures(pairs, sharedWordCount, 1),
      lengthOnly: figures(pairs, lengthRatio, 0.5),
    },
  };
}

/** The pairs of the first half of the groups, in order of appearance, and the others: a group is never torn apart. */
export function splitByGroup(
  pairs: readonly LabelledPair[],
): readonly [first: readonly LabelledPair[], second: readonly LabelledPair[]] {
  const groups = [...new Set(pairs.map(({ group }) => group))];
  const firstGroups = new Set(groups.slice(0, Math.ceil(groups.length / 2)));
  return [
    pairs.filter(({ group }) => firstGroups.has(group)),
    pairs.filter(({ group }) => !firstGroups.has(group)),
  ];
}

function figures(
  pairs: readonly LabelledPair[],
  score: (pair: LabelledPair) => number,
  threshold: number,
): ClassificationFigures {
  const cases = pairs.map((pair) => ({ score: score(pair), positive: pair.reformulation }));
  return classificationFigures(cases, threshold);
}

function scoreOf({ earlier, later }: LabelledPair, model: ReformulationModel): number {
  return model.score({
    earlier: readRequest(earlier),
    later: readRequest(later),
    turnsApart: 1,
    gapMs: 0,
    asked: false,
    troubled: false,
    welcomed: false,
  });
}

function sharedWordCount({ earlier, later }: LabelledPair): number {
  const words = new Set(normaliseText(earlier).split(' '));
  return new Set(
    normaliseText(later)
      .split(' ')
      .filter((word) => words.has(word)),
  ).size;
}

function lengthRatio({ earlier, later }: LabelledPair): number {
  const longer = Math.max(earlier.length, later.length);
  return longer === 0 ? 0 : Math.min(earlier.length, later.length) / longer;
}
