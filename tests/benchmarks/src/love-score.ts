import { checkedModel, inSlices, rewardGraph, RewardScorer } from '@heed/onnx';
import { seededRandom } from '@heed/kernel';
import {
  EMBEDDING_BITS,
  EMBEDDING_SIZE,
  FeatureReader,
  fitHead,
  graphBatches,
  HIDDEN,
  type AnsweredTurn,
  type GraphInputs,
  type LabelledTable,
  type Network,
} from '@heed/rewards';
import { InferenceSession } from 'onnxruntime-node';
import { parseArgs } from 'node:util';
import { figure, type BenchFigure, type BenchReport } from './figures.ts';
import { scoreBesideEncoder } from './love/score-beside-encoder.ts';
import { rateOf, runGraph } from './score-rate.ts';
import { peakRssMiB } from './service.ts';
import { syntheticTurns, type LabelledTurn } from './synthetic-turns.ts';

const TRAINED_ON = 4_000;
const RUNS = 5;
/** Of those that come one at a time, as requests do. */
const SINGLE_TURNS = 4_000;
/** An encoder takes some hundred times as long as all else. */
const ENCODED_TURNS = 128;

/**
 * Turns a second of the scorer, texts in and probabilities out, beside onnxruntime alone on the same graph and batches whose inputs were made before:
 * all of them at once, as the log is scored, and one after the other, as an application asks.
 */
export async function loveScoreBench(args: readonly string[]): Promise<BenchReport> {
  const { turns: count, threads, encoder } = readOptions(args);
  say(`training on ${TRAINED_ON} turns`);
  const reader = new FeatureReader('answer');
  const { head } = fitHead(
    'answer',
    tableOf(reader, [...syntheticTurns(TRAINED_ON, 2)]),
    tableOf(reader, [...syntheticTurns(TRAINED_ON / 4, 3)]),
    0,
    7,
  );
  const shape = { bags: reader.bags.length, numbers: reader.numbers.length };
  const turns = [...syntheticTurns(count, 4)];
  const figures: BenchFigure[] = [];
  const origin = { purpose: 'love', heedVersion: 'bench' } as const;
  const { network, ...linear } = head;
  const models = [
    ['wide part alone', linear],
    ['with a network', { ...linear, network: network ?? drawnNetwork(shape) }],
  ] as const;
  for (const [name, model] of models) {
    const bytes = rewardGraph(model, shape, origin);
    figures.push(await compare(name, bytes, [turns], threads));
    const singles = turns.slice(0, SINGLE_TURNS).map((turn) => [turn]);
    figures.push(await compare(`${name}, one turn at a time`, bytes, singles, threads));
  }
  if (encoder !== undefined)
    figures.push(await scoreBesideEncoder(encoder, Math.min(count, ENCODED_TURNS), threads, say));
  const units = turns.reduce((sum, { response }) => sum + response.length, 0);
  return {
    name: 'love-score',
    figures,
    notes: [
      `${count} turns, answers of ${Math.round(units / count)} characters on average, ${threads} thread${threads === 1 ? '' : 's'} within a run, ${RUNS} runs, taken in turns`,
      ...(network === undefined
        ? [
            'the network won nothing on these turns: one of random numbers stands in for it, which costs the same',
          ]
        : []),
      ...(encoder === undefined ? [] : [`beside the encoder ${Math.min(count, ENCODED_TURNS)} turns`]),
      `memory: ${peakRssMiB(process.pid) ?? '?'} MiB at the most, the turns' texts and the reference's prepared inputs included`,
    ],
  };
}

async function compare(
  name: string,
  bytes: Uint8Array,
  requests: readonly (readonly AnsweredTurn[])[],
  threads: number,
): Promise<BenchFigure> {
  const scorer = await RewardScorer.of(checkedModel(bytes, name), name, { threads });
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const prepared = preparedInputs(requests);
  const count = requests.reduce((sum, asked) => sum + asked.length, 0);
  const ours: number[] = [];
  const raw: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    say(`${name}: ${run === 0 ? 'warming up' : `run ${run} of ${RUNS}`}`);
    const own = await rateOf(count, async () => {
      for (const asked of requests) await scorer.score(asked);
    });
    const reference = await rateOf(count, () => runAll(session, prepared));
    if (run === 0) continue;
    ours.push(own);
    raw.push(reference);
  }
  await scorer.close();
  await session.release();
  return figure(name, 'turns/s', 'higher', ours, 'onnxruntime alone, inputs prepared', raw);
}

function drawnNetwork({ bags, numbers }: { readonly bags: number; readonly numbers: number }): Network {
  const random = seededRandom(5);
  const drawn = (length: number) => Float32Array.from({ length }, () => random.next() - 0.5);
  return {
    embeddings: drawn(2 ** EMBEDDING_BITS * EMBEDDING_SIZE),
    hidden: drawn(HIDDEN * (bags * EMBEDDING_SIZE + numbers)),
    hiddenBias: drawn(HIDDEN),
    output: drawn(HIDDEN),
    outputBias: 0,
  };
}

/** In the batches that the scorer makes of them. */
function preparedInputs(requests: readonly (readonly AnsweredTurn[])[]): readonly GraphInputs[] {
  const reader = new FeatureReader('answer');
  const inputs: GraphInputs[] = [];
  for (const some of requests.flatMap((asked) => [...inSlices(asked)]))
    for (const batch of graphBatches(reader.read(some))) inputs.push(batch.inputs);
  return inputs;
}

async function runAll(session: InferenceSession, all: readonly GraphInputs[]): Promise<void> {
  for (const inputs of all) await runGraph(session, inputs);
}

function tableOf(reader: FeatureReader, turns: readonly LabelledTurn[]): LabelledTable {
  return { table: reader.read(turns), labels: Uint8Array.from(turns, ({ label }) => label) };
}

function readOptions(args: readonly string[]): {
  readonly turns: number;
  readonly threads: number;
  readonly encoder?: string;
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      turns: { type: 'string', default: '50000' },
      threads: { type: 'string', default: '1' },
      encoder: { type: 'string' },
    },
  });
  return {
    turns: Number(values.turns),
    threads: Number(values.threads),
    ...(values.encoder !== undefined && { encoder: values.encoder }),
  };
}

function say(step: string): void {
  process.stderr.write(`love-score: ${step}\n`);
}
