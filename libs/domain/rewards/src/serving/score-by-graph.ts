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

/** Arrays that batches are written into one after the other. */
interface Room {
  places: Int32Array;
  weights: Float32Array;
  values: Float32Array;
}

/** Of work that is done, for the next: a MiB of grams, and the numbers of a batch, for each piece of work that ever was under way with others. */
const idle: Room[] = [];

/** Turns of the table, by a graph that somebody else runs; the same whatever stands beside a turn, to the rounding of floats. What `run` is given is overwritten once it is done. */
export async function scoreByGraph(
  table: FeatureTable,
  run: (inputs: GraphInputs) => Promise<GraphOutputs>,
): Promise<Scores> {
  const scores = { logits: new Float64Array(table.turns), probabilities: new Float64Array(table.turns) };
  const room = idle.pop() ?? newRoom();
  try {
    for (const { turns, grams } of alike(table)) {
      const { logit, probability } = await run(inputsOf(table, turns, grams, room));
      turns.forEach((turn, at) => {
        scores.logits[turn] = logit[at]!;
        scores.probabilities[turn] = probability[at]!;
      });
    }
  } finally {
    if (room.places.length <= MOST_CELLS) idle.push(room);
  }
  return scores;
}

/** The same batches, each in arrays of its own. Each turn of the table is in one of them. */
export function* graphBatches(
  table: FeatureTable,
): Generator<{ readonly turns: Uint32Array; readonly inputs: GraphInputs }> {
  for (const { turns, grams } of alike(table))
    yield { turns, inputs: inputsOf(table, turns, grams, newRoom()) };
}

/** Turns of like lengths together, so that little is filled up, and the longest bag of them. */
function* alike(table: FeatureTable): Generator<{ readonly turns: Uint32Array; readonly grams: number }> {
  const longest = longestBags(table);
  const order = Uint32Array.from(longest.keys()).sort((a, b) => longest[a]! - longest[b]! || a - b);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && (to + 1 - from) * table.bags * longest[order[to]!]! <= MOST_CELLS) to++;
    yield { turns: order.subarray(from, to), grams: longest[order[to - 1]!]! };
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

function newRoom(): Room {
  return { places: new Int32Array(), weights: new Float32Array(), values: new Float32Array() };
}

function inputsOf(table: FeatureTable, turns: Uint32Array, grams: number, room: Room): GraphInputs {
  const { bags, numbers, starts } = table;
  const [cells, cases] = [turns.length * bags * grams, turns.length * numbers];
  if (room.places.length < cells) {
    room.places = new Int32Array(cells);
    room.weights = new Float32Array(cells);
  }
  if (room.values.length < cases) room.values = new Float32Array(cases);
  const places = room.places.subarray(0, cells);
  const weights = room.weights.subarray(0, cells);
  const values = room.values.subarray(0, cases);
  let to = 0;
  for (const turn of turns)
    for (let bag = turn * bags; bag < (turn + 1) * bags; bag++) {
      const [start, end] = [starts[bag]!, starts[bag + 1]!];
      const filled = to + end - start;
      places.set(table.places.subarray(start, end), to);
      weights.set(table.weights.subarray(start, end), to);
      to += grams;
      places.fill(0, filled, to);
      weights.fill(0, filled, to);
    }
  turns.forEach((turn, at) =>
    values.set(table.values.subarray(turn * numbers, (turn + 1) * numbers), at * numbers),
  );
  return { turns: turns.length, bags, grams, numbers, places, weights, values };
}
