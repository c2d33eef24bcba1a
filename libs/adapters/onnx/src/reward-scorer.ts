import { Fault } from '@heed/kernel';
import {
  FeatureReader,
  scoreByGraph,
  type GraphInputs,
  type GraphOutputs,
  type ModelFacts,
  type ReadableTurn,
  type Scores,
} from '@heed/rewards';
import type { InferenceSession } from 'onnxruntime-node';
import { modelInFile, type CheckedModel } from './model-file.ts';
import { loadRuntime, type Runtime } from './runtime.ts';

export interface ScorerOptions {
  /** Threads of one run; one serves best where several scorers or other work share the cores. */
  readonly threads?: number;
}

/** Turns that are read before they are scored: with a text of 64 KiB each their features take 60 MiB. */
const READ_AT_ONCE = 256;

/** A trained file that serves: turns in, probabilities and logits out. Loaded once; memory is bounded however many turns are given. */
export class RewardScorer {
  readonly facts: ModelFacts;
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #reader: FeatureReader;
  readonly #underWay = new Set<Promise<Scores>>();
  #closed = false;

  private constructor(facts: ModelFacts, runtime: Runtime, session: InferenceSession) {
    this.facts = facts;
    this.#runtime = runtime;
    this.#session = session;
    this.#reader = new FeatureReader(facts.reading);
  }

  /** Throws the Faults of `modelInFile` and `of`. */
  static async open(path: string, options: ScorerOptions = {}): Promise<RewardScorer> {
    return RewardScorer.of(await modelInFile(path), path, options);
  }

  /**
   * Throws Fault `model-damaged` when the runtime does not take the graph.
   *
   * @param name what messages call the model
   */
  static async of(
    { bytes, facts }: CheckedModel,
    name: string,
    { threads = 1 }: ScorerOptions = {},
  ): Promise<RewardScorer> {
    const settings = { intraOpNumThreads: threads, interOpNumThreads: 1 };
    const runtime = await loadRuntime();
    const session = await runtime.InferenceSession.create(bytes, settings).catch((cause: unknown) => {
      throw new Fault(
        'model-damaged',
        `${name} cannot be run: ${cause instanceof Error ? cause.message : String(cause)}`,
        'Copy or download it again, or train one with `heed train`.',
        { cause },
      );
    });
    return new RewardScorer(facts, runtime, session);
  }

  /** In the order of the turns. Not to be called once closed. */
  async score(turns: readonly ReadableTurn[]): Promise<Scores> {
    if (this.#closed) throw new Error('the scorer is closed');
    const work = this.#scored(turns);
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
    await this.#session.release();
  }

  async #scored(turns: readonly ReadableTurn[]): Promise<Scores> {
    const all = { logits: new Float64Array(turns.length), probabilities: new Float64Array(turns.length) };
    for (let from = 0; from < turns.length; from += READ_AT_ONCE) {
      const table = this.#reader.read(turns.slice(from, from + READ_AT_ONCE));
      const { logits, probabilities } = await scoreByGraph(table, (inputs) => this.#run(inputs));
      all.logits.set(logits, from);
      all.probabilities.set(probabilities, from);
    }
    return all;
  }

  async #run({ turns, bags, grams, numbers, places, weights, values }: GraphInputs): Promise<GraphOutputs> {
    const { Tensor } = this.#runtime;
    const { logit, probability } = await this.#session.run({
      places: new Tensor('int32', places, [turns, bags, grams]),
      weights: new Tensor('float32', weights, [turns, bags, grams]),
      numbers: new Tensor('float32', values, [turns, numbers]),
    });
    return { logit: floatsOf(logit), probability: floatsOf(probability) };
  }
}

function floatsOf(tensor: { readonly data: unknown } | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError('a graph of Heed gives floats by the names logit and probability');
}
