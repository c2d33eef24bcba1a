import {
  checkedModel,
  encoderFolder,
  EncoderFolders,
  readEncoderFiles,
  rewardGraph,
  RewardScorer,
  SentenceTokens,
} from '@heed/onnx';
import {
  fitHead,
  graphBatches,
  readWithEncoder,
  textsOf,
  type AnsweredTurn,
  type GraphInputs,
  type LabelledTable,
  type SentenceEncoder,
} from '@heed/rewards';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { figure, type BenchFigure } from '../figures.ts';
import { rateOf, runGraph } from '../score-rate.ts';
import { syntheticTurns, type LabelledTurn } from '../synthetic-turns.ts';

const TRAINED_ON = 200;
const READ_AT_ONCE = 256;
const RUNS = 3;
/** As the encoder is run (`OnnxSentenceEncoder`): tokens at once, those that fill up included. */
const BATCH_TOKENS = 4096;

/**
 * Turns a second beside a sentence encoder, texts in and probabilities out, beside onnxruntime alone on the same two graphs: the encoder's on token numbers that
 * were made before, and the head's on inputs that were made before. Throws Fault `encoder-unreadable`.
 */
export async function scoreBesideEncoder(
  directory: string,
  count: number,
  threads: number,
  say: (step: string) => void,
): Promise<BenchFigure> {
  const { name: called } = await encoderFolder(directory);
  const encoders = new EncoderFolders([directory]);
  const encoder = await encoders.open(called);
  say(`training on ${TRAINED_ON} turns beside ${called}`);
  const [fit, tune] = [
    await tableOf(encoder, [...syntheticTurns(TRAINED_ON, 2)]),
    await tableOf(encoder, [...syntheticTurns(TRAINED_ON / 4, 3)]),
  ];
  const { head } = fitHead('answer', fit, tune, 0, 7);
  const bytes = rewardGraph(head, fit.table, { purpose: 'love', heedVersion: 'bench' });
  const turns = [...syntheticTurns(count, 4)];
  const name = `beside ${called}`;
  const scorer = await RewardScorer.of(checkedModel(bytes, name), name, { threads, encoders });
  const own = await InferenceSession.create(bytes, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const files = await readEncoderFiles(directory);
  const encoderGraph = await InferenceSession.create(files.graph, {
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  const prepared = await preparedInputs(new SentenceTokens(directory, files), encoder, turns);
  const raw = async (): Promise<void> => {
    for (const tokens of prepared.tokens) await encoderGraph.run(feedsOf(encoderGraph, tokens));
    for (const inputs of prepared.inputs) await runGraph(own, inputs);
  };
  const [ours, reference]: [number[], number[]] = [[], []];
  for (let run = 0; run <= RUNS; run++) {
    say(`${name}: ${run === 0 ? 'warming up' : `run ${run} of ${RUNS}`}`);
    const rates = [await rateOf(count, () => scorer.score(turns)), await rateOf(count, raw)] as const;
    if (run === 0) continue;
    ours.push(rates[0]);
    reference.push(rates[1]);
  }
  await scorer.close();
  await encoders.close();
  for (const session of [own, encoderGraph]) await session.release();
  return figure(
    name,
    'turns/s',
    'higher',
    ours,
    'onnxruntime alone on both graphs, inputs prepared',
    reference,
  );
}

async function tableOf(encoder: SentenceEncoder, turns: readonly LabelledTurn[]): Promise<LabelledTable> {
  return {
    table: await readWithEncoder('answer', turns, encoder),
    labels: Uint8Array.from(turns, ({ label }) => label),
  };
}

/** Numbers of a text's tokens. */
type Ids = readonly number[];

interface PreparedInputs {
  /** In batches of like length. */
  readonly tokens: readonly (readonly Ids[])[];
  readonly inputs: readonly GraphInputs[];
}

async function preparedInputs(
  tokensOf: SentenceTokens,
  encoder: SentenceEncoder,
  turns: readonly AnsweredTurn[],
): Promise<PreparedInputs> {
  const tokens: (readonly Ids[])[] = [];
  const inputs: GraphInputs[] = [];
  for (let from = 0; from < turns.length; from += READ_AT_ONCE) {
    const some = turns.slice(from, from + READ_AT_ONCE);
    const texts = new Set(some.map(textsOf).flatMap(({ request, response }) => [request, response]));
    tokens.push(...inBatches([...texts].map((text) => tokensOf.of(text).ids)));
    for (const batch of graphBatches(await readWithEncoder('answer', some, encoder)))
      inputs.push(batch.inputs);
  }
  return { tokens, inputs };
}

function inBatches(texts: readonly Ids[]): readonly (readonly Ids[])[] {
  const batches: Ids[][] = [];
  for (const ids of texts.toSorted((a, b) => b.length - a.length)) {
    const batch = batches.at(-1);
    const longest = batch?.[0]?.length ?? 0;
    if (batch !== undefined && (batch.length + 1) * longest <= BATCH_TOKENS) batch.push(ids);
    else batches.push([ids]);
  }
  return batches;
}

function feedsOf({ inputNames }: InferenceSession, texts: readonly Ids[]): Record<string, Tensor> {
  const longest = Math.max(1, ...texts.map(({ length }) => length));
  const numbers = new BigInt64Array(texts.length * longest);
  const mask = numbers.slice();
  texts.forEach((ids, row) => {
    ids.forEach((id, at) => {
      numbers[row * longest + at] = BigInt(id);
      mask[row * longest + at] = 1n;
    });
  });
  const given: Readonly<Record<string, BigInt64Array>> = { input_ids: numbers, attention_mask: mask };
  return Object.fromEntries(
    inputNames.map((name) => [
      name,
      new Tensor('int64', given[name] ?? new BigInt64Array(numbers.length), [texts.length, longest]),
    ]),
  );
}
