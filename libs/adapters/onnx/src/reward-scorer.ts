import { Fault } from '@heed/kernel';
import {
  encoderIn,
  FeatureReader,
  readWithEncoder,
  scoreByGraph,
  textsOf,
  type GraphInputs,
  type GraphOutputs,
  type ModelFacts,
  type FeatureTable,
  type ReadableTurn,
  type Scores,
  type SentenceEncoder,
} from '@heed/rewards';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { EncoderFolders } from './encoder-folders.ts';
import { modelInFile, type CheckedModel } from './model-file.ts';
import { loadRuntime, type Runtime } from './runtime.ts';

export interface ScorerOptions {
  /** Threads of one run; one serves best where several scorers or other work share the cores. */
  readonly threads?: number;
  /** Where to find the sentence encoder of a model that needs one. Whoever gives them closes them, later than the scorer. */
  readonly encoders?: EncoderFolders;
}

/**
 * Texts that are read in one go, in UTF-16 units and in turns: reading is done on the thread that answers, and holds up everything else on it for some
 * ten milliseconds. A turn alone may have more.
 */
export const READ_AT_ONCE = { units: 2 ** 16, turns: 256 };

/** A trained file that serves: turns in, probabilities and logits out. Loaded once; memory is bounded however many turns are given. */
export class RewardScorer {
  readonly facts: ModelFacts;
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #reader: FeatureReader;
  readonly #encoder: SentenceEncoder | undefined;
  readonly #underWay = new Set<Promise<Scores>>();
  #closed = false;

  private constructor(
    facts: ModelFacts,
    runtime: Runtime,
    session: InferenceSession,
    encoder: SentenceEncoder | undefined,
  ) {
    this.facts = facts;
    this.#runtime = runtime;
    this.#session = session;
    this.#reader = new FeatureReader(facts.reading);
    this.#encoder = encoder;
  }

  /** Throws the Faults of `modelInFile` and `of`. */
  static async open(path: string, options: ScorerOptions = {}): Promise<RewardScorer> {
    return RewardScorer.of(await modelInFile(path), path, options);
  }

  /**
   * Throws Fault `model-damaged` when the runtime does not take the graph, and `model-needs-encoder` or `encoder-unreadable` where the encoder that it was
   * trained beside is not among those there are.
   *
   * @param name what messages call the model
   */
  static async of(
    { bytes, facts }: CheckedModel,
    name: string,
    { threads = 1, encoders }: ScorerOptions = {},
  ): Promise<RewardScorer> {
    const encoder = await encoderOf(facts, name, encoders);
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
    return new RewardScorer(facts, runtime, session, encoder);
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
    let from = 0;
    for (const some of inSlices(turns)) {
      const table = await this.#read(some);
      const { logits, probabilities } = await scoreByGraph(table, (inputs) => this.#run(inputs));
      all.logits.set(logits, from);
      all.probabilities.set(probabilities, from);
      from += some.length;
      // Whoever else waits comes first.
      if (from < turns.length) await nextTurn();
    }
    return all;
  }

  #read(turns: readonly ReadableTurn[]): FeatureTable | Promise<FeatureTable> {
    if (this.#encoder === undefined) return this.#reader.read(turns);
    return readWithEncoder(this.facts.reading, turns, this.#encoder);
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

/** As they are read, one slice after the other. */
export function* inSlices<T extends ReadableTurn>(turns: readonly T[]): Generator<readonly T[]> {
  let slice: T[] = [];
  let units = 0;
  for (const turn of turns) {
    const own = unitsOf(turn);
    if (slice.length === READ_AT_ONCE.turns || (slice.length > 0 && units + own > READ_AT_ONCE.units)) {
      yield slice;
      [slice, units] = [[], 0];
    }
    slice.push(turn);
    units += own;
  }
  if (slice.length > 0) yield slice;
}

function unitsOf(turn: ReadableTurn): number {
  const { request, response, earlier } = textsOf(turn);
  return request.length + response.length + earlier.length + (turn.aftermath?.next.length ?? 0);
}

/** The one that the model was trained beside; undefined where it needs none. */
async function encoderOf(
  { features }: ModelFacts,
  name: string,
  encoders: EncoderFolders | undefined,
): Promise<SentenceEncoder | undefined> {
  const needed = encoderIn(features);
  if (needed === undefined) return undefined;
  try {
    return await (encoders ?? new EncoderFolders([])).open(needed);
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'encoder-unknown') throw cause;
    throw new Fault(
      'model-needs-encoder',
      `${name} was trained beside a sentence encoder. ${cause.message}`,
      `${cause.remedy} Or train the model again with --encoder native, to need none.`,
      { cause },
    );
  }
}

function floatsOf(tensor: { readonly data: unknown } | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError('a graph of Heed gives floats by the names logit and probability');
}
