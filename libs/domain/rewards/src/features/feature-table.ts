/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { Grams } from './place-counter.ts';

/**
 * The features of many turns, as training and scoring read them: each turn has `bags` lists of grams, one after the other, and `numbers` numbers.
 * Bag b of turn t is `places[starts[t * bags + b]]` up to the next start.
 */
export interface FeatureTable {
  readonly turns: number;
  readonly bags: number;
  readonly numbers: number;
  readonly starts: Int32Array;
  readonly places: Int32Array;
  /** 1 + ln(count): how much a gram weighs in its turn before what it weighs everywhere (sublinear term frequency). */
  readonly weights: Float32Array;
  /** Row by row. */
  readonly values: Float32Array;
  /** Whose the last numbers of each row are, where a sentence encoder read the texts too. */
  readonly encoded?: { readonly by: string; readonly numbers: number };
}

function weightOf(count: number): number {
  return 1 + Math.log(count);
}

/** Of counts that are common. */
const WEIGHTS = Float32Array.from({ length: 256 }, (_, count) => weightOf(count));

/** Features of so few turns are copied out, and the room they took is kept for the next: 8 MiB at the most. */
const MOST_KEPT = 2 ** 20;

/** Takes features turn by turn, all bags and the numbers of each. */
export class FeatureTableBuilder {
  readonly #bags: number;
  readonly #numbers: number;
  #starts = new Int32Array(1024);
  #places = new Int32Array(65_536);
  #weights = new Float32Array(65_536);
  #values = new Float32Array(1024);
  #filledBags = 0;
  #filled = 0;
  #filledValues = 0;

  constructor(bags: number, numbers: number) {
    this.#bags = bags;
    this.#numbers = numbers;
  }

  /** Forgets what came since the last table. */
  begin(): void {
    this.#filledBags = 0;
    this.#filled = 0;
    this.#filledValues = 0;
  }

  addBag({ size, places, counts }: Grams): void {
    if (this.#filled + size > this.#places.length) {
      const room = 2 * (this.#filled + size);
      this.#places = grown(this.#places, new Int32Array(room));
      this.#weights = grown(this.#weights, new Float32Array(room));
    }
    const [ownPlaces, ownWeights, filled] = [this.#places, this.#weights, this.#filled];
    for (let n = 0; n < size; n++) {
      ownPlaces[filled + n] = places[n]!;
      const count = counts[n]!;
      ownWeights[filled + n] = count < WEIGHTS.length ? WEIGHTS[count]! : weightOf(count);
    }
    this.#filled += size;
    this.#filledBags++;
    if (this.#filledBags === this.#starts.length)
      this.#starts = grown(this.#starts, new Int32Array(2 * this.#filledBags));
    this.#starts[this.#filledBags] = this.#filled;
  }

  addNumbers(numbers: readonly number[]): void {
    if (this.#filledValues + numbers.length > this.#values.length)
      this.#values = grown(this.#values, new Float32Array(2 * (this.#filledValues + numbers.length)));
    this.#values.set(numbers, this.#filledValues);
    this.#filledValues += numbers.length;
  }

  /** What came since the last table. Throws RangeError when a turn is not whole. */
  table(): FeatureTable {
    const turns = this.#filledBags / this.#bags;
    if (!Number.isInteger(turns) || turns * this.#numbers !== this.#filledValues)
      throw new RangeError(`each turn has ${this.#bags} bags and ${this.#numbers} numbers`);
    const columns = {
      starts: this.#starts.subarray(0, this.#filledBags + 1),
      places: this.#places.subarray(0, this.#filled),
      weights: this.#weights.subarray(0, this.#filled),
      values: this.#values.subarray(0, this.#filledValues),
    };
    const isKept = this.#filled <= MOST_KEPT;
    if (!isKept) this.#takeNewRoom();
    this.begin();
    return {
      turns,
      bags: this.#bags,
      numbers: this.#numbers,
      ...(isKept ? copied(columns) : columns),
    };
  }

  /** What was filled goes with the table that it is part of: a training's is gigabytes, and not to be held twice. */
  #takeNewRoom(): void {
    this.#starts = new Int32Array(1024);
    this.#places = new Int32Array(65_536);
    this.#weights = new Float32Array(65_536);
    this.#values = new Float32Array(1024);
  }
}

type Columns = Pick<FeatureTable, 'starts' | 'places' | 'weights' | 'values'>;

function copied({ starts, places, weights, values }: Columns): Columns {
  return {
    starts: starts.slice(),
    places: places.slice(),
    weights: weights.slice(),
    values: values.slice(),
  };
}

function grown<T extends Int32Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
