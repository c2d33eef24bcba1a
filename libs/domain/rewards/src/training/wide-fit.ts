/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { SeededRandom } from '@heed/kernel';
import { PLACE_BITS } from '../features/feature-reader.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { tableRows } from '../features/table-rows.ts';
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

/** Turns of one table, numbered from `first` on. */
interface Part {
  readonly table: FeatureTable;
  readonly labels: Uint8Array;
  readonly first: number;
  /** c_i; all 1 when absent. */
  readonly importance: Float32Array | undefined;
  /** Of each dual variable, as a share of C c_i. */
  readonly dual: Float64Array;
  readonly squares: Float64Array;
}

/** Newton steps on one example's dual variable; it has nearly always arrived after three. */
const MOST_STEPS = 8;
const ARRIVED = 1e-9;
/** Dual variables begin at this share of what they may be: at 0 their slope is infinite. */
const BEGIN = 1e-3;

/**
 * L2-regularised logistic regression by dual coordinate ascent (Yu, Huang and Lin 2011, Algorithm 5): minimises
 * 1/2 |w|^2 + C sum_i c_i log(1 + exp(-y_i w.x_i)). It has no learning rate; each example moves its own dual variable to its optimum, and the
 * weights follow. A pass costs the grams of all turns, twice.
 */
export class WideFit {
  #parts: Part[] = [];
  readonly #numberScale: number;
  #strength: number;
  #order = new Uint32Array();
  readonly #places = new Float64Array(2 ** PLACE_BITS);
  readonly #numbers: Float64Array;
  #bias = 0;

  constructor(table: FeatureTable, labels: Uint8Array, { strength, numberScale }: WideOptions) {
    this.#strength = strength;
    this.#numberScale = numberScale;
    this.#numbers = new Float64Array(table.numbers);
    this.learnAlso(table, labels);
  }

  /**
   * More turns to learn from, read as those before were.
   *
   * @param importance c_i by turn; all 1 when absent
   */
  learnAlso(table: FeatureTable, labels: Uint8Array, importance?: Float32Array): void {
    const part: Part = {
      ...{ table, labels, importance, first: this.#order.length },
      dual: new Float64Array(labels.length).fill(BEGIN),
      squares: Float64Array.from(labels.keys(), (turn) => this.#squaresOf(table, turn)),
    };
    this.#parts.push(part);
    this.#order = Uint32Array.from({ length: part.first + labels.length }, (_, turn) => turn);
    for (const turn of labels.keys())
      this.#add(part, turn, signed(part, turn) * BEGIN * this.#mostOf(part, turn));
  }

  /** The same fit, to go on with apart from this one. What it learned from is shared; the weights, 8 bytes a place, and 8 bytes a turn are its own. */
  copy(): WideFit {
    const options = { strength: this.#strength, numberScale: this.#numberScale };
    const copy = new WideFit(tableRows(this.#parts[0]!.table, []), new Uint8Array(), options);
    copy.#parts = this.#parts.map((part) => ({ ...part, dual: part.dual.slice() }));
    copy.#order = this.#order.slice();
    copy.#places.set(this.#places);
    copy.#numbers.set(this.#numbers);
    copy.#bias = this.#bias;
    return copy;
  }

  /** Goes on at another strength from where it is: to what a fit from the beginning comes to, sooner. */
  strengthen(strength: number): void {
    const times = strength / this.#strength;
    this.#strength = strength;
    this.#bias *= times;
    for (const weights of [this.#places, this.#numbers])
      for (let at = 0; at < weights.length; at++) weights[at]! *= times;
  }

  /** Each example once, in an order by chance. Returns the largest change of a dual variable, as a share of what it may be. */
  pass(random: SeededRandom): number {
    shuffle(this.#order, random);
    let largest = 0;
    for (const number of this.#order) {
      const part = this.#parts.findLast(({ first }) => first <= number)!;
      const turn = number - part.first;
      const most = this.#mostOf(part, turn);
      const before = part.dual[turn]!;
      const after = this.#bestDual(part, turn, most, before);
      if (after === before) continue;
      this.#add(part, turn, signed(part, turn) * (after - before) * most);
      part.dual[turn] = after;
      largest = Math.max(largest, Math.abs(after - before));
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

  #mostOf({ importance }: Part, turn: number): number {
    return this.#strength * (importance?.[turn] ?? 1);
  }

  /** By Newton's method on the share; halfway to a bound where a step would go beyond it. */
  #bestDual(part: Part, turn: number, most: number, before: number): number {
    const margin = signed(part, turn) * this.#product(part.table, turn);
    const squares = part.squares[turn]! * most;
    let dual = before;
    for (let n = 0; n < MOST_STEPS; n++) {
      const slope = margin + (dual - before) * squares + Math.log(dual / (1 - dual));
      const curve = squares + 1 / (dual * (1 - dual));
      const next = dual - slope / curve;
      const bounded = next <= 0 ? dual / 10 : next >= 1 ? 1 - (1 - dual) / 10 : next;
      if (Math.abs(bounded - dual) <= ARRIVED) return bounded;
      dual = bounded;
    }
    return dual;
  }

  #product({ bags, starts, places, weights, numbers, values }: FeatureTable, turn: number): number {
    let product = this.#bias;
    for (let at = starts[turn * bags]!; at < starts[(turn + 1) * bags]!; at++)
      product += this.#places[places[at]!]! * weights[at]!;
    let ofNumbers = 0;
    for (let n = 0; n < numbers; n++) ofNumbers += this.#numbers[n]! * values[turn * numbers + n]!;
    return product + this.#numberScale * ofNumbers;
  }

  #add({ table }: Part, turn: number, times: number): void {
    const { bags, starts, places, weights, numbers, values } = table;
    this.#bias += times;
    for (let at = starts[turn * bags]!; at < starts[(turn + 1) * bags]!; at++)
      this.#places[places[at]!]! += times * weights[at]!;
    for (let n = 0; n < numbers; n++)
      this.#numbers[n]! += times * this.#numberScale * values[turn * numbers + n]!;
  }

  #squaresOf({ bags, starts, weights, numbers, values }: FeatureTable, turn: number): number {
    let squares = 1;
    for (let at = starts[turn * bags]!; at < starts[(turn + 1) * bags]!; at++) squares += weights[at]! ** 2;
    for (let n = 0; n < numbers; n++) squares += (this.#numberScale * values[turn * numbers + n]!) ** 2;
    return squares;
  }
}

function signed({ labels }: Part, turn: number): 1 | -1 {
  return labels[turn] === 1 ? 1 : -1;
}
