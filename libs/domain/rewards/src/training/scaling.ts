/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { PLACE_BITS } from '../features/feature-reader.ts';
import type { FeatureTable } from '../features/feature-table.ts';

/** What a gram or a number means beside the others, learned from the turns that a model is trained on. */
export interface Scaling {
  /** By place: ln((1 + n) / (1 + df)) + 1 over n turns, df of them with it (the smooth idf of scikit-learn). 0 where it is too rare. */
  readonly idf: Float32Array;
  readonly mean: Float32Array;
  /** 1 / standard deviation, for an encoder's numbers less (see `scalingOf`); 0 for a number that never differs. */
  readonly perDeviation: Float32Array;
}

/** A gram of a single turn says nothing of others. */
const LEAST_TURNS = 2;
/** Standard deviations that a number counts for at most: a text of 64 KiB is long, not thousandfold proof. */
export const MOST_DEVIATIONS = 4;

/**
 * A sentence encoder's numbers are thirty times as many as the others, and none of them means much alone: all of them together are made to count as
 * much as the others together, so that a few reactions do not fit a model to chance. Nothing here was chosen by how well it did.
 */
export function scalingOf(table: FeatureTable): Scaling {
  const { turns, numbers, starts, places, values } = table;
  const own = numbers - (table.encoded?.numbers ?? 0);
  const ofEncoded = Math.sqrt(own / Math.max(1, numbers - own));
  const found = new Int32Array(2 ** PLACE_BITS);
  for (let at = 0; at < starts.at(-1)!; at++) found[places[at]!]!++;
  const idf = Float32Array.from(found, (df) => (df < LEAST_TURNS ? 0 : Math.log((1 + turns) / (1 + df)) + 1));
  const mean = new Float64Array(numbers);
  const variance = new Float64Array(numbers);
  for (let at = 0; at < values.length; at++) mean[at % numbers]! += values[at]! / turns;
  for (let at = 0; at < values.length; at++)
    variance[at % numbers]! += (values[at]! - mean[at % numbers]!) ** 2 / turns;
  return {
    idf,
    mean: Float32Array.from(mean),
    perDeviation: Float32Array.from(variance, (v, n) =>
      v > 1e-12 ? (n < own ? 1 : ofEncoded) / Math.sqrt(v) : 0,
    ),
  };
}

/** The same turns with each bag a vector of length 1, weighed by idf, and numbers in deviations from their mean. Rare grams are left out. */
export function scaled(table: FeatureTable, { idf, mean, perDeviation }: Scaling): FeatureTable {
  const { starts, places, weights, values, numbers } = table;
  const kept = { starts: new Int32Array(starts.length), places: new Int32Array(places.length) };
  const own = new Float32Array(places.length);
  let filled = 0;
  for (let bag = 0; bag + 1 < starts.length; bag++) {
    const first = filled;
    let squares = 0;
    for (let at = starts[bag]!; at < starts[bag + 1]!; at++) {
      const weight = weights[at]! * idf[places[at]!]!;
      if (weight === 0) continue;
      kept.places[filled] = places[at]!;
      own[filled++] = weight;
      squares += weight * weight;
    }
    const length = squares === 0 ? 1 : Math.sqrt(squares);
    for (let at = first; at < filled; at++) own[at]! /= length;
    kept.starts[bag + 1] = filled;
  }
  const clipped = values.map((value, at) => {
    const deviations = (value - mean[at % numbers]!) * perDeviation[at % numbers]!;
    return Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, deviations));
  });
  return {
    ...table,
    starts: kept.starts,
    places: kept.places.slice(0, filled),
    weights: own.slice(0, filled),
    values: clipped,
  };
}
