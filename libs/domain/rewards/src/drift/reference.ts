import { z } from 'zod';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { scoreTurns, type RewardHead, type Scores } from '../reward-head.ts';
import type { Watched } from './drift.ts';
import { independentTurns } from './independent-turns.ts';
import { tallyOf } from './kind-tally.ts';
import { binsOf } from './quantile-bins.ts';
import { knownGrams, unseenShares } from './unseen-grams.ts';

/** What turns were when a model was trained, to be held against what they are now. Stands in its card. */
export const reference = z.object({
  /** Answered turns of the window after those that it learned from, at most `MOST_TURNS` of them, evenly in time. */
  turns: z.number(),
  /** See `independentTurns`; absent in cards of an earlier Heed. */
  independent: z.number().optional(),
  /** See `knownGrams`. */
  known: z.base64(),
  numbers: z.array(z.object({ name: z.string(), edges: z.array(z.number()), counts: z.array(z.number()) })),
  kinds: z.array(
    z.object({
      name: z.string(),
      kinds: z.array(z.object({ kind: z.string(), turns: z.number() })),
      others: z.number(),
    }),
  ),
});
export type Reference = z.infer<typeof reference>;

const MOST_TURNS = 4000;

/** Turns that a reference or a look at what is now is made of: answered, in time order, `most` of them evenly or all. */
export function watchedTurns(
  turns: readonly ObservedTurn[],
  isWatched: (turn: ObservedTurn) => boolean,
  most = MOST_TURNS,
): readonly ObservedTurn[] {
  const own = turns
    .filter((turn) => turn.response !== '' && isWatched(turn))
    .toSorted((a, b) => a.atMs - b.atMs || (a.event < b.event ? -1 : 1));
  const step = Math.max(1, own.length / most);
  return Array.from({ length: Math.min(most, own.length) }, (_, n) => own[Math.floor(n * step)]).flatMap(
    (turn) => turn ?? [],
  );
}

/**
 * Of turns that the head was not fitted on: a model is surer of what it learned from than of what comes later, and knows all its grams.
 *
 * @param names of the numbers of the table that are told; an encoder's come behind them and are not
 */
export function referenceOf(
  turns: readonly ObservedTurn[],
  table: FeatureTable,
  head: RewardHead,
  names: readonly string[],
): Reference {
  const known = knownGrams(head.scaling);
  if (turns.length === 0) return { turns: 0, independent: 0, known, numbers: [], kinds: [] };
  const read = { turns, table, scores: scoreTurns(head, table) };
  return {
    turns: turns.length,
    independent: independentTurns(turns),
    known,
    numbers: numbersIn(read, known, names).map(({ name, values }) => {
      const { edges, counts } = binsOf(values);
      return { name, edges: [...edges], counts: [...counts] };
    }),
    kinds: kindsIn(turns).map(({ name, values }) => {
      const { kinds, others } = tallyOf(values);
      return { name, kinds: [...kinds], others };
    }),
  };
}

/** Turns as a model read and scored them. */
export interface ReadTurns {
  readonly turns: readonly ObservedTurn[];
  readonly table: FeatureTable;
  readonly scores: Scores;
}

/** Everything that the reference tells of, then and now. */
export function watchedBy(
  { known, numbers, kinds }: Reference,
  now: ReadTurns,
  names: readonly string[],
): readonly Watched[] {
  const valuesOf = new Map(numbersIn(now, known, names).map(({ name, values }) => [name, values]));
  const kindsOf = new Map(kindsIn(now.turns).map(({ name, values }) => [name, values]));
  return [
    ...numbers.map((bins) => ({ name: bins.name, training: bins, now: valuesOf.get(bins.name) ?? [] })),
    ...kinds.map((tally) => ({
      name: tally.name,
      training: tally,
      nowKinds: kindsOf.get(tally.name) ?? [],
    })),
  ];
}

/** The score is told by its logit: the same order, and no step where calibration has one. */
function numbersIn(
  { table, scores }: ReadTurns,
  known: string,
  names: readonly string[],
): readonly { readonly name: string; readonly values: Float64Array }[] {
  return [
    { name: 'score', values: scores.logits },
    { name: 'unseen grams', values: unseenShares(known, table) },
    ...names.map((name, n) => ({
      name,
      values: Float64Array.from(
        { length: table.turns },
        (_, turn) => table.values[turn * table.numbers + n] ?? 0,
      ),
    })),
  ];
}

function kindsIn(
  turns: readonly ObservedTurn[],
): readonly { readonly name: string; readonly values: readonly string[] }[] {
  return [
    { name: 'locale', values: turns.map(({ locale = '' }) => locale) },
    { name: 'surface', values: turns.map(({ surface = '' }) => surface) },
  ];
}
