import {
  checkGraph,
  checkScoresLove,
  FeatureReader,
  readModelFile,
  scoreByGraph,
  type AnsweredTurn,
  type GraphInputs,
  type GraphOutputs,
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

const NAME = 'The model';
/** Turns that are read before they are scored. */
const READ_AT_ONCE = 256;

/**
 * Loads a model file of `heed train love`, to score answers without a service.
 *
 * @param runtime the module `onnxruntime-node` or `onnxruntime-web`
 * @throws Fault that says what the file is, where it is no love model of this version that is whole
 * @example
 * import * as ort from 'onnxruntime-node';
 * const love = await scoreLove(await readFile('love.onnx'), ort);
 * const [{ score }] = await love.score([{ context: [{ role: 'user', text: 'play jazz' }], response: 'Here you are.' }]);
 */
export async function scoreLove(model: Uint8Array, runtime: OnnxRuntime): Promise<LoveScorer> {
  const { facts, graph } = readModelFile(model, NAME);
  checkGraph(facts, await sha256Hex(graph), NAME);
  checkScoresLove(facts, NAME);
  const session = await runtime.InferenceSession.create(model);
  const reader = new FeatureReader(facts.reading);
  return {
    async score(turns) {
      const scores: LoveScore[] = [];
      for (let from = 0; from < turns.length; from += READ_AT_ONCE) {
        const table = reader.read(turns.slice(from, from + READ_AT_ONCE));
        const { logits, probabilities } = await scoreByGraph(table, (inputs) =>
          runGraph(runtime, session, inputs),
        );
        logits.forEach((logit, at) => scores.push({ score: probabilities[at] ?? NaN, logit }));
      }
      return scores;
    },
    close: () => session.release(),
  };
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
