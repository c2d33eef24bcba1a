/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { FeatureTable } from '../features/feature-table.ts';
import type { Scores } from '../reward-head.ts';

/** What a written graph takes: the bags of some turns, filled up to the longest with weights of 0, and their numbers. */
export interface GraphInputs {
  readonly turns: number;
  readonly bags: number;
  /** Of the longest bag, at least 1. */
  readonly grams: number;
  readonly numbers: number;
  /** turns x bags x grams. */
  readonly places: Int32Array;
  readonly weights: Float32Array;
  /** turns x numbers. */
  readonly values: Float32Array;
}

/** What it gives: one of each a turn. */
export interface GraphOutputs {
  readonly logit: Float32Array;
  readonly probability: Float32Array;
}

/**
 * Cells of a batch, turns x bags x grams, at the most, unless one turn alone has more. An embedding of 8 floats a cell is the largest thing
 * that a run holds: 4 MiB.
 */
const MOST_CELLS = 2 ** 17;

/** Turns of the table, by a graph that somebody else runs; the same whatever stands beside a turn, to the rounding of floats. */
export async function scoreByGraph(
  table: FeatureTable,
  run: (inputs: GraphInputs) => Promise<GraphOutputs>,
): Promise<Scores> {
  const scores = { logits: new Float64Array(table.turns), probabilities: new Float64Array(table.turns) };
  for (const { turns, inputs } of graphBatches(table)) {
    const { logit, probability } = await run(inputs);
    turns.forEach((turn, at) => {
      scores.logits[turn] = logit[at]!;
      scores.probabilities[turn] = probability[at]!;
    });
  }
  return scores;
}

/** Turns of like lengths together, so that little is filled up. Each turn of the table is in one batch. */
export function* graphBatches(
  table: FeatureTable,
): Generator<{ readonly turns: Uint32Array; readonly inputs: GraphInputs }> {
  const longest = longestBags(table);
  const order = Uint32Array.from(longest.keys()).sort((a, b) => longest[a]! - longest[b]! || a - b);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && (to + 1 - from) * table.bags * longest[order[to]!]! <= MOST_CELLS) to++;
    const turns = order.subarray(from, to);
    yield { turns, inputs: inputsOf(table, turns, longest[order[to - 1]!]!) };
    from = to;
  }
}

function longestBags({ turns, bags, starts }: FeatureTable): Int32Array {
  return Int32Array.from({ length: turns }, (_, turn) => {
    let longest = 1;
    for (let bag = turn * bags; bag < (turn + 1) * bags; bag++)
      longest = Math.max(longest, starts[bag + 1]! - starts[bag]!);
    return longest;
  });
}

function inputsOf(table: FeatureTable, turns: Uint32Array, grams: number): GraphInputs {
  const { bags, numbers, starts } = table;
  const places = new Int32Array(turns.length * bags * grams);
  const weights = new Float32Array(places.length);
  const values = new Float32Array(turns.length * numbers);
  turns.forEach((turn, at) => {
    for (let bag = 0; bag < bags; bag++) {
      const [start, end] = [starts[turn * bags + bag]!, starts[turn * bags + bag + 1]!];
      const to = (at * bags + bag) * grams;
      places.set(table.places.subarray(start, end), to);
      weights.set(table.weights.subarray(start, end), to);
    }
    values.set(table.values.subarray(turn * numbers, (turn + 1) * numbers), at * numbers);
  });
  return { turns: turns.length, bags, grams, numbers, places, weights, values };
}
