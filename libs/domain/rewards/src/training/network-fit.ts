/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { SeededRandom } from '@heed/kernel';
import type { FeatureTable } from '../features/feature-table.ts';
import {
  EMBEDDING_BITS,
  EMBEDDING_SIZE,
  embeddingAt,
  HIDDEN,
  inputsOf,
  readInputs,
  throughNetwork,
  type Network,
} from './network.ts';
import { shuffle } from './shuffle.ts';

const BATCH = 64;
const RATE = 0.02;
/** Share of each weight that a step takes away, times the rate (decoupled decay, Loshchilov and Hutter 2019). */
const DECAY = 0.02;
/** Share of inputs left out of each example while training (Srivastava et al. 2014). */
const DROPOUT = 0.3;
const TINY = 1e-8;

/**
 * Learns what the wide model left over: cross entropy of (its logit + the network's), by minibatches with a step size of each weight's own (AdaGrad,
 * Duchi et al. 2011), which suits embeddings that few examples touch. The output layer begins at zero, so the network begins by saying nothing.
 */
export class NetworkFit {
  readonly #table: FeatureTable;
  readonly #labels: Uint8Array;
  readonly #offsets: Float64Array;
  readonly #importance: Float32Array | undefined;
  readonly #order: Uint32Array;
  readonly #network: { -readonly [Part in keyof Network]: Network[Part] };
  readonly #embeddings: Tuned;
  readonly #hidden: Tuned;
  readonly #hiddenBias: Tuned;
  readonly #output: Tuned;
  readonly #outputBias = new Tuned(new Float32Array(1));
  readonly #inputs: Float32Array;
  readonly #units = new Float32Array(HIDDEN);
  readonly #towardsInputs: Float32Array;

  /** @param offsets the wide model's logit of each turn */
  constructor(
    table: FeatureTable,
    labels: Uint8Array,
    offsets: Float64Array,
    random: SeededRandom,
    importance?: Float32Array,
  ) {
    const inputs = inputsOf(table);
    const chance = (size: number, spread: number): Float32Array =>
      Float32Array.from({ length: size }, () => (2 * random.next() - 1) * spread);
    this.#table = table;
    this.#labels = labels;
    this.#offsets = offsets;
    this.#importance = importance;
    this.#order = Uint32Array.from(labels.keys());
    this.#network = {
      embeddings: chance(2 ** EMBEDDING_BITS * EMBEDDING_SIZE, 0.5),
      hidden: chance(HIDDEN * inputs, Math.sqrt(3 / inputs)),
      hiddenBias: new Float32Array(HIDDEN),
      output: new Float32Array(HIDDEN),
      outputBias: 0,
    };
    this.#embeddings = new Tuned(this.#network.embeddings);
    this.#hidden = new Tuned(this.#network.hidden);
    this.#hiddenBias = new Tuned(this.#network.hiddenBias);
    this.#output = new Tuned(this.#network.output);
    this.#inputs = new Float32Array(inputs);
    this.#towardsInputs = new Float32Array(inputs);
  }

  /** Each example once, in an order by chance. */
  epoch(random: SeededRandom): void {
    shuffle(this.#order, random);
    for (let start = 0; start < this.#order.length; start += BATCH) {
      const batch = this.#order.subarray(start, start + BATCH);
      for (const turn of batch) this.#learn(turn, random, 1 / batch.length);
      this.#step();
    }
  }

  network(): Network {
    const { embeddings, hidden, hiddenBias, output, outputBias } = this.#network;
    return {
      embeddings: embeddings.slice(),
      hidden: hidden.slice(),
      hiddenBias: hiddenBias.slice(),
      output: output.slice(),
      outputBias,
    };
  }

  #learn(turn: number, random: SeededRandom, share: number): void {
    const { hidden, output, embeddings } = this.#network;
    const inputs = this.#inputs;
    readInputs(this.#table, turn, embeddings, inputs);
    for (let n = 0; n < inputs.length; n++)
      inputs[n] = random.chance(DROPOUT) ? 0 : inputs[n]! / (1 - DROPOUT);
    const logit = this.#offsets[turn]! + throughNetwork(this.#network, inputs, this.#units);
    const error = 1 / (1 + Math.exp(-logit)) - this.#labels[turn]!;
    const towards = error * share * (this.#importance?.[turn] ?? 1);
    this.#outputBias.gradient[0]! += towards;
    this.#towardsInputs.fill(0);
    for (let unit = 0; unit < HIDDEN; unit++) {
      this.#output.gradient[unit]! += towards * this.#units[unit]!;
      if (this.#units[unit] === 0) continue;
      const towardsUnit = towards * output[unit]!;
      if (towardsUnit === 0) continue;
      this.#hiddenBias.gradient[unit]! += towardsUnit;
      const row = unit * inputs.length;
      for (let n = 0; n < inputs.length; n++) {
        this.#hidden.gradient[row + n]! += towardsUnit * inputs[n]!;
        this.#towardsInputs[n]! += towardsUnit * hidden[row + n]!;
      }
    }
    for (let n = 0; n < inputs.length; n++)
      this.#towardsInputs[n] = inputs[n] === 0 ? 0 : this.#towardsInputs[n]! / (1 - DROPOUT);
    this.#towardsEmbeddings(turn);
  }

  #towardsEmbeddings(turn: number): void {
    const { bags, starts, places, weights } = this.#table;
    for (let bag = 0; bag < bags; bag++) {
      const from = bag * EMBEDDING_SIZE;
      for (let at = starts[turn * bags + bag]!; at < starts[turn * bags + bag + 1]!; at++) {
        const to = embeddingAt(places[at]!);
        this.#embeddings.touch(to);
        for (let n = 0; n < EMBEDDING_SIZE; n++)
          this.#embeddings.gradient[to + n]! += weights[at]! * this.#towardsInputs[from + n]!;
      }
    }
  }

  #step(): void {
    this.#hidden.stepAll();
    this.#hiddenBias.stepAll();
    this.#output.stepAll();
    this.#outputBias.stepAll();
    this.#network.outputBias = this.#outputBias.weights[0]!;
    this.#embeddings.stepTouched(EMBEDDING_SIZE);
  }
}

/** Weights with the gradient of the batch in hand and the sum of squares of those before. */
class Tuned {
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  readonly #squares: Float32Array;
  /** Weights that were touched in this batch, and by weight whether it was. */
  readonly #touched: number[] = [];
  readonly #isTouched: Uint8Array;

  constructor(weights: Float32Array) {
    this.weights = weights;
    this.gradient = new Float32Array(weights.length);
    this.#squares = new Float32Array(weights.length);
    this.#isTouched = new Uint8Array(weights.length);
  }

  touch(first: number): void {
    if (this.#isTouched[first] === 1) return;
    this.#isTouched[first] = 1;
    this.#touched.push(first);
  }

  stepAll(): void {
    this.#step(0, this.weights.length);
  }

  stepTouched(size: number): void {
    for (const first of this.#touched) {
      this.#step(first, first + size);
      this.#isTouched[first] = 0;
    }
    this.#touched.length = 0;
  }

  #step(first: number, end: number): void {
    for (let n = first; n < end; n++) {
      const gradient = this.gradient[n]!;
      this.#squares[n]! += gradient * gradient;
      this.weights[n]! -=
        RATE * (gradient / (Math.sqrt(this.#squares[n]!) + TINY) + DECAY * this.weights[n]!);
      this.gradient[n] = 0;
    }
  }
}
