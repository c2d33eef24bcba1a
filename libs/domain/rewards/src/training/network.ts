/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { FeatureTable } from '../features/feature-table.ts';

/** Grams share embeddings more than they share weights: places modulo 2 to this. */
export const EMBEDDING_BITS = 15;
export const EMBEDDING_SIZE = 8;
export const HIDDEN = 16;

/**
 * What is added to the wide model's logit: each bag is the sum of its grams' embeddings by their weights; all bags' sums and the numbers go through one
 * layer of rectified units. Matrices row by row, a row for each output.
 */
export interface Network {
  readonly embeddings: Float32Array;
  /** HIDDEN x inputs. */
  readonly hidden: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly output: Float32Array;
  readonly outputBias: number;
}

export function inputsOf({ bags, numbers }: Pick<FeatureTable, 'bags' | 'numbers'>): number {
  return bags * EMBEDDING_SIZE + numbers;
}

/** The network's input of one turn of a scaled table, written over `into`. */
export function readInputs(
  table: FeatureTable,
  turn: number,
  embeddings: Float32Array,
  into: Float32Array,
): void {
  const { bags, starts, places, weights, numbers, values } = table;
  into.fill(0);
  for (let bag = 0; bag < bags; bag++) {
    const to = bag * EMBEDDING_SIZE;
    for (let at = starts[turn * bags + bag]!; at < starts[turn * bags + bag + 1]!; at++) {
      const from = embeddingAt(places[at]!);
      for (let n = 0; n < EMBEDDING_SIZE; n++) into[to + n]! += weights[at]! * embeddings[from + n]!;
    }
  }
  into.set(values.subarray(turn * numbers, (turn + 1) * numbers), bags * EMBEDDING_SIZE);
}

/** Where a place's embedding begins. */
export function embeddingAt(place: number): number {
  return (place & (2 ** EMBEDDING_BITS - 1)) * EMBEDDING_SIZE;
}

/** The hidden units of these inputs, written over `into`; returns the logit. */
export function throughNetwork(network: Network, inputs: Float32Array, into: Float32Array): number {
  const { hidden, hiddenBias, output, outputBias } = network;
  let logit = outputBias;
  for (let unit = 0; unit < HIDDEN; unit++) {
    let sum = hiddenBias[unit]!;
    const row = unit * inputs.length;
    for (let n = 0; n < inputs.length; n++) sum += hidden[row + n]! * inputs[n]!;
    into[unit] = Math.max(0, sum);
    logit += output[unit]! * into[unit]!;
  }
  return logit;
}
