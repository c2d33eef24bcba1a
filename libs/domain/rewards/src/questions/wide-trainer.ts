import type { LoveScorer } from '../adversaries/adversaries.ts';
import { fitPlatt } from '../calibration/platt.ts';
import type { Example } from '../exposure/draw-examples.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { FeatureReader } from '../features/feature-reader.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { tableRows } from '../features/table-rows.ts';
import { calibrated, logitsOf } from '../reward-head.ts';
import type { LabelledTable } from '../training/labelled-table.ts';
import { fitWide } from '../training/wide-part.ts';
import { scaled, scalingOf } from '../training/scaling.ts';

/** One example in so many of either class tunes. */
const TUNE = 5;

/** What tells turns apart that are learned from: copies of a turn are read alike. */
export function textKeyOf({ context, response }: ObservedTurn): string {
  return JSON.stringify([context, response]);
}

/**
 * Trains the wide part alone, at a strength that was chosen before and calibrated by Platt's line: a fraction of the cost of `fitHead`, for questions that
 * take many trainings on nearly the same turns. These and later ones are read once, and scaled by what these are like alone; what is trained on and
 * scored is among them, or a copy: anything else throws RangeError.
 */
export function wideTrainer(
  turns: readonly ObservedTurn[],
  later: readonly ObservedTurn[],
  strength: number,
  seed: number,
): (examples: readonly Example[]) => LoveScorer {
  const all = [...turns, ...later];
  const read = new FeatureReader('answer').read(all);
  const table = scaled(read, scalingOf(tableRows(read, [...turns.keys()])));
  const places = new Map(all.map((turn, at) => [textKeyOf(turn), at]));
  const rowsOf = (own: readonly ObservedTurn[]): FeatureTable =>
    tableRows(
      table,
      own.map((turn) => {
        const place = places.get(textKeyOf(turn));
        if (place === undefined) throw new RangeError('a turn is none of those that were read');
        return place;
      }),
    );
  const labelled = (own: readonly Example[]): LabelledTable => ({
    table: rowsOf(own.map(({ turn }) => turn)),
    labels: Uint8Array.from(own, ({ label }) => label),
  });
  return (examples) => {
    const isTune = everyFifthOfClass();
    const [own, later]: [Example[], Example[]] = [[], []];
    for (const example of examples) (isTune(example) ? later : own).push(example);
    const [fit, tune] = [labelled(own), labelled(later)];
    const { linear } = fitWide(fit.table, fit.labels, strength, seed);
    const line = fitPlatt({ scores: logitsOf(linear, tune.table), labels: tune.labels });
    return (judged) =>
      logitsOf(linear, rowsOf(judged)).map((logit) => calibrated({ method: 'platt', ...line }, logit));
  };
}

function everyFifthOfClass(): (example: Example) => boolean {
  const seen = [0, 0];
  return ({ label }) => {
    const count = (seen[label] ?? 0) + 1;
    seen[label] = count;
    return count % TUNE === 0;
  };
}
