/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { SeededRandom } from '@heed/kernel';
import { PLACE_BITS } from '../features/feature-reader.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { shuffle } from './shuffle.ts';

/** A linear model: logit = bias + grams . weights of their places + numbers . theirs. */
export interface WideModel {
  readonly bias: number;
  readonly places: Float64Array;
  readonly numbers: Float64Array;
}

export interface WideOptions {
  /** C: what an example's loss weighs beside the penalty of half the squared weights. */
  readonly strength: number;
  /** Numbers are multiplied by this before the penalty is taken: by less than 1 they must do more to be believed. */
  readonly numberScale: number;
}

/** Newton steps on one example's dual variable; it has nearly always arrived after three. */
const MOST_STEPS = 8;
const ARRIVED = 1e-9;

/**
 * L2-regularised logistic regression by dual coordinate ascent (Yu, Huang and Lin 2011, Algorithm 5): minimises
 * 1/2 |w|^2 + C sum_i c_i log(1 + exp(-y_i w.x_i)). It has no learning rate; each example moves its own dual variable to its optimum, and the
 * weights follow. A pass costs the grams of all turns, twice.
 */
export class WideFit {
  readonly #table: FeatureTable;
  readonly #labels: Uint8Array;
  readonly #numberScale: number;
  /** C c_i. */
  readonly #most: Float64Array;
  readonly #dual: Float64Array;
  readonly #squares: Float64Array;
  readonly #order: Uint32Array;
  readonly #places = new Float64Array(2 ** PLACE_BITS);
  readonly #numbers: Float64Array;
  #bias = 0;

  /** @param importance c_i by turn; all 1 when absent */
  constructor(table: FeatureTable, labels: Uint8Array, options: WideOptions, importance?: Float32Array) {
    this.#table = table;
    this.#labels = labels;
    this.#numberScale = options.numberScale;
    this.#numbers = new Float64Array(table.numbers);
    this.#most = Float64Array.from(labels, (_, turn) => options.strength * (importance?.[turn] ?? 1));
    this.#dual = this.#most.map((most) => Math.min(1e-3 * most, most / 2));
    this.#order = Uint32Array.from(labels.keys());
    this.#squares = Float64Array.from(labels.keys(), (turn) => this.#squaresOf(turn));
    for (const turn of labels.keys()) this.#add(turn, this.#signed(turn) * this.#dual[turn]!);
  }

  /** Each example once, in an order by chance. Returns the largest change of a dual variable, as a share of what it may be. */
  pass(random: SeededRandom): number {
    shuffle(this.#order, random);
    let largest = 0;
    for (const turn of this.#order) {
      const most = this.#most[turn]!;
      const before = this.#dual[turn]!;
      const after = this.#bestDual(turn, most, before);
      if (after === before) continue;
      this.#add(turn, this.#signed(turn) * (after - before));
      this.#dual[turn] = after;
      largest = Math.max(largest, Math.abs(after - before) / most);
    }
    return largest;
  }

  model(): WideModel {
    return {
      bias: this.#bias,
      places: this.#places.slice(),
      numbers: this.#numbers.map((weight) => weight * this.#numberScale),
    };
  }

  #bestDual(turn: number, most: number, before: number): number {
    const margin = this.#signed(turn) * this.#product(turn);
    const squares = this.#squares[turn]!;
    let dual = before;
    for (let n = 0; n < MOST_STEPS; n++) {
      const slope = margin + (dual - before) * squares + Math.log(dual / (most - dual));
      const curve = squares + most / (dual * (most - dual));
      const next = dual - slope / curve;
      const bounded = next <= 0 ? dual / 10 : next >= most ? most - (most - dual) / 10 : next;
      if (Math.abs(bounded - dual) <= ARRIVED * most) return bounded;
      dual = bounded;
    }
    return dual;
  }

  #signed(turn: number): 1 | -1 {
    return this.#labels[turn] === 1 ? 1 : -1;
  }

  #product(turn: number): number {
    const { bags, starts, places, weights, numbers, values } = this.#table;
    let product = this.#bias;
    for (let at = starts[turn * bags]!; at < starts[(turn + 1) * bags]!; at++)
      product += this.#places[places[at]!]! * weights[at]!;
    let ofNumbers = 0;
    for (let n = 0; n < numbers; n++) ofNumbers += this.#numbers[n]! * values[turn * numbers + n]!;
    return product + this.#numberScale * ofNumbers;
  }

  #add(turn: number, times: number): void {
    const { bags, starts, places, weights, numbers, values } = this.#table;
    this.#bias += times;
    for (let at = starts[turn * bags]!; at < starts[(turn + 1) * bags]!; at++)
      this.#places[places[at]!]! += times * weights[at]!;
    for (let n = 0; n < numbers; n++)
      this.#numbers[n]! += times * this.#numberScale * values[turn * numbers + n]!;
  }

  #squaresOf(turn: number): number {
    const { bags, starts, weights, numbers, values } = this.#table;
    let squares = 1;
    for (let at = starts[turn * bags]!; at < starts[(turn + 1) * bags]!; at++) squares += weights[at]! ** 2;
    for (let n = 0; n < numbers; n++) squares += (this.#numberScale * values[turn * numbers + n]!) ** 2;
    return squares;
  }
}
