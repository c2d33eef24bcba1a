import type { FeatureTable } from '../features/feature-table.ts';
import { tableRows } from '../features/table-rows.ts';
import type { WideFit } from './wide-fit.ts';
import { linearOf, settle, type Linear } from './wide-part.ts';

/** Turns that came later than those that a fit has learned from, in order of time. */
export interface LaterTurns {
  readonly table: FeatureTable;
  readonly labels: Uint8Array;
  /** What a negative of them counts beside one that the fit has learned from; a positive counts 1. */
  readonly negativesCount: number;
}

export interface LearnedLater {
  /** Of all turns, the later ones as well. */
  readonly linear: Linear;
  readonly passes: number;
  /** Of the later turns: what `tell` says of each half after the other half alone was learned. */
  readonly logits: Float64Array;
}

/**
 * Goes on with a fit over later turns, and says what it is worth on them: each half in time is told by who learned from the other half (cross-fitting), so by a
 * model as sure as the one that comes out. The strength goes by how many examples there are, and there are more of them now: it is lowered to weigh all of them
 * as much beside the penalty as those by which it was chosen.
 *
 * @param chosen the strength, and by how many examples it was chosen
 */
export function learnLater(
  fitting: WideFit,
  chosen: { readonly strength: number; readonly fitted: number },
  later: LaterTurns,
  seed: number,
  tell: (linear: Linear, table: FeatureTable) => Float64Array,
): LearnedLater {
  const importance = Float32Array.from(later.labels, (label) => (label === 1 ? 1 : later.negativesCount));
  const count = importance.reduce((sum, one) => sum + one, 0);
  fitting.strengthen((chosen.strength * chosen.fitted) / (chosen.fitted + count));
  const middle = Math.floor(later.labels.length / 2);
  const part = (from: number, to: number) => ({
    table: rowsOf(later.table, from, to),
    labels: later.labels.subarray(from, to),
    importance: importance.subarray(from, to),
  });
  const [first, second] = [part(0, middle), part(middle, later.labels.length)];
  const learn = (fit: WideFit, { table, labels, importance: counts }: typeof first): number => {
    fit.learnAlso(table, labels, counts);
    return settle(fit, seed);
  };
  const besides = fitting.copy();
  learn(besides, second);
  const ofFirst = tell(linearOf(besides), first.table);
  learn(fitting, first);
  const ofSecond = tell(linearOf(fitting), second.table);
  const passes = learn(fitting, second);
  return { linear: linearOf(fitting), passes, logits: Float64Array.from([...ofFirst, ...ofSecond]) };
}

function rowsOf(table: FeatureTable, from: number, to: number): FeatureTable {
  return tableRows(
    table,
    Array.from({ length: to - from }, (_, n) => from + n),
  );
}
