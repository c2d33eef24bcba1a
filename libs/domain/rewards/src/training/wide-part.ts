import { seededRandom } from '@heed/kernel';
import type { FeatureTable } from '../features/feature-table.ts';
import type { RewardHead } from '../reward-head.ts';
import { WideFit } from './wide-fit.ts';

/** What the wide part of a head is. */
export type Linear = Pick<RewardHead, 'bias' | 'wide' | 'numbers'>;

const NUMBER_SCALE = 0.3;
const MOST_PASSES = 20;
/** No dual variable moved by more than this share of its range: what is left to gain is below what the later turns can tell. */
const SETTLED = 0.01;

/** A fit that has learned nothing yet, over a table that is scaled. */
export function startWide(table: FeatureTable, labels: Uint8Array, strength: number): WideFit {
  return new WideFit(table, labels, { strength, numberScale: NUMBER_SCALE });
}

/** The wide part at one strength, over a table that is scaled. */
export function fitWide(
  table: FeatureTable,
  labels: Uint8Array,
  strength: number,
  seed: number,
): { readonly linear: Linear; readonly passes: number } {
  const wide = startWide(table, labels, strength);
  const passes = settle(wide, seed);
  return { linear: linearOf(wide), passes };
}

/** Passes until there is little left to gain; returns how many. */
export function settle(wide: WideFit, seed: number): number {
  const random = seededRandom(seed);
  let passes = 1;
  while (wide.pass(random) > SETTLED && passes < MOST_PASSES) passes++;
  return passes;
}

export function linearOf(wide: WideFit): Linear {
  const { bias, places, numbers } = wide.model();
  return { bias, wide: Float32Array.from(places), numbers: Float32Array.from(numbers) };
}
