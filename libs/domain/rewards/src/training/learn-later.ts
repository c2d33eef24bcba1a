import type { FeatureTable } from '../features/feature-table.ts';
import { tableRows } from '../features/table-rows.ts';
import type { LabelledTable } from './labelled-table.ts';
import type { WideFit } from './wide-fit.ts';
import { linearOf, settle, type Linear } from './wide-part.ts';

/** Turns that came later than those that a fit has learned from, in order of time. */
export interface LaterTurns extends LabelledTable {
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
 * Goes on with a fit over later turns, and says what it is worth on them: each half is told by who learned from the other half (cross-fitting), so by a
 * model as sure as the one that comes out. The halves are in time, by when a session began: no session is in both. The strength goes by how many examples there are, and there are more of them now: it is lowered to weigh all of them
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
  const part = (rows: readonly number[]) => ({
    table: tableRows(later.table, rows),
    labels: Uint8Array.from(rows, (row) => later.labels[row] ?? 0),
    importance: Float32Array.from(rows, (row) => importance[row] ?? 0),
  });
  const halves = halvesOf(later);
  const [first, second] = [part(halves.first), part(halves.second)];
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
  const logits = new Float64Array(later.labels.length);
  for (const [rows, told] of [
    [halves.first, ofFirst],
    [halves.second, ofSecond],
  ] as const)
    for (const [at, row] of rows.entries()) logits[row] = told[at] ?? NaN;
  return { linear: linearOf(fitting), passes, logits };
}

/** Rows of the sessions that began first, about half of all, and the others. */
function halvesOf({ labels, sessions = Uint32Array.from(labels.keys()) }: LaterTurns) {
  const sizes = new Map<number, number>();
  for (const session of sessions) sizes.set(session, (sizes.get(session) ?? 0) + 1);
  const early = new Set<number>();
  let rows = 0;
  for (const [session, size] of sizes) {
    if (rows >= labels.length / 2) break;
    early.add(session);
    rows += size;
  }
  const [first, second]: [number[], number[]] = [[], []];
  for (const [row, session] of sessions.entries()) (early.has(session) ? first : second).push(row);
  return { first, second };
}
