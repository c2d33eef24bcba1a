import { Fault } from '@heed/kernel';
import {
  checkEncoder,
  checkGraph,
  checkScoresLove,
  encoderIn,
  FeatureReader,
  readModelFile,
  readWithEncoder,
  scoreByGraph,
  type AnsweredTurn,
  type FeatureTable,
  type GraphInputs,
  type GraphOutputs,
  type Reading,
  type SentenceEncoder,
} from '@heed/rewards';
import type { OnnxRuntime, OnnxSession } from './onnx-runtime.ts';

export interface LoveScore {
  /** How likely users are to love the answer: a calibrated probability. */
  readonly score: number;
  /** What it was calibrated from: for differences between answers to one request. */
  readonly logit: number;
}

/** A model file that is loaded: scores in the order of the turns. */
export interface LoveScorer {
  score(turns: readonly AnsweredTurn[]): Promise<readonly LoveScore[]>;
  /** Gives the model's memory back. */
  close(): Promise<void>;
}

export interface ScoreLoveOptions {
  /**
   * The sentence encoder that the model was trained beside, with its version: the card has it as `features.encoder.version`. Other models pass it over. Its vectors
   * must be those of that encoder in Heed; nothing but its version and size can tell.
   */
  readonly encoder?: SentenceEncoder;
}

const NAME = 'The model';
/** Read once as it is loaded, where an encoder comes from outside. */
const TRIED: readonly AnsweredTurn[] = [{ context: [], response: '' }];
/** Turns that are read before they are scored. */
const READ_AT_ONCE = 256;

/**
 * Loads a model file of `heed train love`, to score answers without a service.
 *
 * @param runtime the module `onnxruntime-node` or `onnxruntime-web`
 * @throws Fault that says what the file is, where it is no love model of this version that is whole; `model-needs-encoder` where it was trained beside another
 * encoder than the one given, `encoder-gives-otherwise` where that gives no such vectors
 * @example
 * import * as ort from 'onnxruntime-node';
 * const love = await scoreLove(await readFile('love.onnx'), ort);
 * const [{ score }] = await love.score([{ context: [{ role: 'user', text: 'play jazz' }], response: 'Here you are.' }]);
 */
export async function scoreLove(
  model: Uint8Array,
  runtime: OnnxRuntime,
  { encoder }: ScoreLoveOptions = {},
): Promise<LoveScorer> {
  const { facts, graph } = readModelFile(model, NAME);
  checkGraph(facts, await sha256Hex(graph), NAME);
  checkScoresLove(facts, NAME);
  checkEncoder(facts, encoder?.version, NAME);
  const beside = encoderIn(facts.features) === undefined ? undefined : encoder;
  const session = await runtime.InferenceSession.create(model);
  const read = readingBeside(facts.reading, beside);
  const scorer: LoveScorer = {
    async score(turns) {
      const scores: LoveScore[] = [];
      for (let from = 0; from < turns.length; from += READ_AT_ONCE) {
        const table = await read(turns.slice(from, from + READ_AT_ONCE));
        const { logits, probabilities } = await scoreByGraph(table, (inputs) =>
          runGraph(runtime, session, inputs),
        );
        logits.forEach((logit, at) => scores.push({ score: probabilities[at] ?? NaN, logit }));
      }
      return scores;
    },
    close: () => session.release(),
  };
  if (beside !== undefined) await tryOut(scorer, beside);
  return scorer;
}

type Read = (turns: readonly AnsweredTurn[]) => FeatureTable | Promise<FeatureTable>;

function readingBeside(reading: Reading, encoder: SentenceEncoder | undefined): Read {
  if (encoder !== undefined) return (turns) => readWithEncoder(reading, turns, encoder);
  const reader = new FeatureReader(reading);
  return (turns) => reader.read(turns);
}

/** Vectors of another size than those that the model was trained on are found out as it is loaded. Closes the scorer where they are. */
async function tryOut(scorer: LoveScorer, { version, size }: SentenceEncoder): Promise<void> {
  try {
    await scorer.score(TRIED);
  } catch (cause) {
    await scorer.close();
    if (cause instanceof Fault) throw cause;
    throw new Fault(
      'encoder-gives-otherwise',
      `${NAME} cannot be run beside the encoder given as ${version}, of vectors of ${size}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Give the encoder that it was trained beside: its card has the version as features.encoder.version.',
      { cause },
    );
  }
}

async function runGraph(
  { Tensor }: OnnxRuntime,
  session: OnnxSession,
  { turns, bags, grams, numbers, places, weights, values }: GraphInputs,
): Promise<GraphOutputs> {
  const inputs = {
    places: new Tensor('int32', places, [turns, bags, grams]),
    weights: new Tensor('float32', weights, [turns, bags, grams]),
    numbers: new Tensor('float32', values, [turns, numbers]),
  };
  const { logit, probability } = await session.run(inputs as never);
  return { logit: floatsOf(logit), probability: floatsOf(probability) };
}

function floatsOf(tensor: { readonly data: unknown } | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError('a graph of Heed gives floats by the names logit and probability');
}

async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
