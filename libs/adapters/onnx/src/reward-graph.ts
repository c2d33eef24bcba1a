import {
  EMBEDDING_BITS,
  EMBEDDING_SIZE,
  HIDDEN,
  MOST_DEVIATIONS,
  modelMetadata,
  type Calibration,
  type ModelFacts,
  type Network,
  type RewardHead,
} from '@heed/rewards';
import { GraphBuilder } from './graph-builder.ts';

const TINY = 1e-12;

/**
 * Encoder and head as one ONNX graph. Inputs: `places` int32 and `weights` float [turns, bags, grams] (shorter bags are filled up with weights of 0),
 * `numbers` float [turns, numbers]. Outputs: `logit` and `probability`, float [turns].
 * The file tells of itself what `readModelFile` reads.
 */
export function rewardGraph(
  head: RewardHead,
  { bags, numbers }: { readonly bags: number; readonly numbers: number },
  origin: Pick<ModelFacts, 'purpose' | 'heedVersion'>,
): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder();
  const places = graph.input('places', 'int32', ['turns', bags, 'grams']);
  const weights = graph.input('weights', 'float', ['turns', bags, 'grams']);
  const given = graph.input('numbers', 'float', ['turns', numbers]);

  const { idf, mean, perDeviation } = head.scaling;
  const weightOf = lookUp(graph, places);
  const weighed = graph.node('Mul', [weights, weightOf(idf)]);
  const grams = graph.node('Div', [weighed, lengthOf(graph, weighed)]);
  const values = standardised(graph, given, mean, perDeviation);

  const ofGrams = graph.node('Mul', [grams, weightOf(head.wide)]);
  const wide = graph.node('ReduceSum', [ofGrams, graph.wholes([1, 2])], { keepdims: 0 });
  const ofNumbers = graph.node('MatMul', [values, graph.floats(head.numbers, [numbers])]);
  const linear = graph.node('Add', [graph.node('Add', [wide, ofNumbers]), graph.floats([head.bias], [1])]);
  const logit =
    head.network === undefined
      ? graph.node('Identity', [linear], {}, 'logit')
      : graph.node('Add', [linear, deep(graph, head.network, places, grams, values, bags)], {}, 'logit');
  graph.output(logit, ['turns']);
  graph.output(probability(graph, head.calibration, logit), ['turns']);
  const { featuresVersion: features, reading } = head;
  return graph.model('heed-reward', (graphSha256) =>
    modelMetadata({ ...origin, features, reading, graphSha256 }),
  );
}

/**
 * What a table says of each place. `Gather` says the same and takes five times as long: it copies the single numbers as blocks of any size. `GatherElements` wants
 * as many dimensions in the table as in the places.
 */
function lookUp(graph: GraphBuilder, places: string): (table: Float32Array) => string {
  const inRow = graph.node('Reshape', [places, graph.wholes([-1])]);
  const shape = graph.node('Shape', [places]);
  return (table) => {
    const found = graph.node('GatherElements', [graph.floats(table, [table.length]), inRow]);
    return graph.node('Reshape', [found, shape]);
  };
}

/** Of each bag; of an empty one nearly 0, by which its zeros are divided. */
function lengthOf(graph: GraphBuilder, weighed: string): string {
  const squares = graph.node('ReduceSum', [graph.node('Mul', [weighed, weighed]), graph.wholes([2])], {
    keepdims: 1,
  });
  return graph.node('Sqrt', [graph.node('Max', [squares, graph.floats([TINY], [1])])]);
}

function standardised(
  graph: GraphBuilder,
  given: string,
  mean: Float32Array,
  perDeviation: Float32Array,
): string {
  const deviations = graph.node('Mul', [
    graph.node('Sub', [given, graph.floats(mean, [mean.length])]),
    graph.floats(perDeviation, [perDeviation.length]),
  ]);
  return graph.node('Clip', [
    deviations,
    graph.floats([-MOST_DEVIATIONS], []),
    graph.floats([MOST_DEVIATIONS], []),
  ]);
}

function deep(
  graph: GraphBuilder,
  network: Network,
  places: string,
  grams: string,
  values: string,
  bags: number,
): string {
  const rows = 2 ** EMBEDDING_BITS;
  const inputs = network.hidden.length / HIDDEN;
  const embedded = graph.node('Gather', [
    graph.floats(network.embeddings, [rows, EMBEDDING_SIZE]),
    graph.node('Mod', [places, graph.wholes([rows], 'int32')]),
  ]);
  // [turns, bags, 1, grams] x [turns, bags, grams, embedding]
  const summed = graph.node('MatMul', [graph.node('Unsqueeze', [grams, graph.wholes([2])]), embedded]);
  const flat = graph.node('Reshape', [summed, graph.wholes([-1, bags * EMBEDDING_SIZE])]);
  const joined = graph.node('Concat', [flat, values], { axis: 1 });
  const hidden = graph.node(
    'Gemm',
    [joined, graph.floats(network.hidden, [HIDDEN, inputs]), graph.floats(network.hiddenBias, [HIDDEN])],
    { transB: 1 },
  );
  const out = graph.node('MatMul', [graph.node('Relu', [hidden]), graph.floats(network.output, [HIDDEN])]);
  return graph.node('Add', [out, graph.floats([network.outputBias], [1])]);
}

function probability(graph: GraphBuilder, calibration: Calibration, logit: string): string {
  if (calibration.method === 'platt') {
    const line = graph.node('Add', [
      graph.node('Mul', [logit, graph.floats([calibration.slope], [1])]),
      graph.floats([calibration.offset], [1]),
    ]);
    return graph.node('Sigmoid', [line], {}, 'probability');
  }
  return alongCurve(graph, calibration, logit);
}

/** A line through knots is its first value and, between each two of them, the way gone times the slope. */
function alongCurve(
  graph: GraphBuilder,
  { knots, values }: { readonly knots: Float64Array; readonly values: Float64Array },
  logit: string,
): string {
  const first = graph.floats([values[0] ?? 0], [1]);
  const pieces = knots.length - 1;
  if (pieces === 0) {
    const nothing = graph.node('Mul', [logit, graph.floats([0], [1])]);
    return graph.node('Add', [nothing, first], {}, 'probability');
  }
  const slopes = Float64Array.from(
    { length: pieces },
    (_, n) => ((values[n + 1] ?? 0) - (values[n] ?? 0)) / ((knots[n + 1] ?? 0) - (knots[n] ?? 0)),
  );
  const column = graph.node('Unsqueeze', [logit, graph.wholes([1])]);
  const from = graph.floats(Float32Array.from(knots.subarray(0, pieces)), [pieces]);
  const to = graph.floats(Float32Array.from(knots.subarray(1)), [pieces]);
  const gone = graph.node('Sub', [graph.node('Min', [graph.node('Max', [column, from]), to]), from]);
  const risen = graph.node('MatMul', [gone, graph.floats(Float32Array.from(slopes), [pieces])]);
  return graph.node('Add', [risen, first], {}, 'probability');
}
