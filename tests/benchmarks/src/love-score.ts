import { checkedModel, rewardGraph, RewardScorer } from '@heed/onnx';
import {
  FeatureReader,
  fitHead,
  graphBatches,
  type AnsweredTurn,
  type GraphInputs,
  type LabelledTable,
} from '@heed/rewards';
import { InferenceSession } from 'onnxruntime-node';
import { parseArgs } from 'node:util';
import { figure, type BenchFigure, type BenchReport } from './figures.ts';
import { scoreBesideEncoder } from './love/score-beside-encoder.ts';
import { rateOf, runGraph } from './score-rate.ts';
import { peakRssMiB } from './service.ts';
import { syntheticTurns, type LabelledTurn } from './synthetic-turns.ts';

const TRAINED_ON = 4_000;
const READ_AT_ONCE = 256;
const RUNS = 5;
/** An encoder takes some hundred times as long as all else. */
const ENCODED_TURNS = 128;

/** Turns a second of the scorer, texts in and probabilities out, beside onnxruntime alone on the same graph and batches whose inputs were made before. */
export async function loveScoreBench(args: readonly string[]): Promise<BenchReport> {
  const { turns: count, threads, encoder } = readOptions(args);
  say(`training on ${TRAINED_ON} turns`);
  const reader = new FeatureReader('answer');
  const { head, report } = fitHead(
    'answer',
    tableOf(reader, [...syntheticTurns(TRAINED_ON, 2)]),
    tableOf(reader, [...syntheticTurns(TRAINED_ON / 4, 3)]),
    0,
    7,
  );
  const shape = { bags: reader.bags.length, numbers: reader.numbers.length };
  const turns = [...syntheticTurns(count, 4)];
  const figures: BenchFigure[] = [];
  const figuresOf = async (name: string, bytes: Uint8Array): Promise<void> => {
    figures.push(await compare(name, bytes, turns, threads));
  };
  const { network, ...linear } = head;
  const origin = { purpose: 'love', heedVersion: 'bench' } as const;
  if (network !== undefined) await figuresOf('with the network', rewardGraph(head, shape, origin));
  await figuresOf('wide part alone', rewardGraph(linear, shape, origin));
  if (encoder !== undefined)
    figures.push(await scoreBesideEncoder(encoder, Math.min(count, ENCODED_TURNS), threads, say));
  const units = turns.reduce((sum, { response }) => sum + response.length, 0);
  return {
    name: 'love-score',
    figures,
    notes: [
      `${count} turns, answers of ${Math.round(units / count)} characters on average, ${threads} thread${threads === 1 ? '' : 's'}, ${RUNS} runs, taken in turns`,
      ...(encoder === undefined ? [] : [`beside the encoder ${Math.min(count, ENCODED_TURNS)} turns`]),
      `the network was kept at epoch ${report.epoch} of training; 0: it won nothing on these turns, and is not measured`,
      `memory: ${peakRssMiB(process.pid) ?? '?'} MiB at the most, the turns' texts and the reference's prepared inputs included`,
    ],
  };
}

async function compare(
  name: string,
  bytes: Uint8Array,
  turns: readonly AnsweredTurn[],
  threads: number,
): Promise<BenchFigure> {
  const scorer = await RewardScorer.of(checkedModel(bytes, name), name, { threads });
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const prepared = preparedInputs(turns);
  const ours: number[] = [];
  const raw: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    say(`${name}: ${run === 0 ? 'warming up' : `run ${run} of ${RUNS}`}`);
    const own = await rateOf(turns.length, () => scorer.score(turns));
    const reference = await rateOf(turns.length, () => runAll(session, prepared));
    if (run === 0) continue;
    ours.push(own);
    raw.push(reference);
  }
  await scorer.close();
  await session.release();
  return figure(name, 'turns/s', 'higher', ours, 'onnxruntime alone, inputs prepared', raw);
}

function preparedInputs(turns: readonly AnsweredTurn[]): readonly GraphInputs[] {
  const reader = new FeatureReader('answer');
  const inputs: GraphInputs[] = [];
  for (let from = 0; from < turns.length; from += READ_AT_ONCE)
    for (const batch of graphBatches(reader.read(turns.slice(from, from + READ_AT_ONCE))))
      inputs.push(batch.inputs);
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
