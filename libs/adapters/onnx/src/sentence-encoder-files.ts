import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '@heed/kernel';
import { z } from 'zod';

const config = z.object({
  hidden_size: z.int().positive(),
  vocab_size: z.int().positive(),
  max_position_embeddings: z.int().positive().optional(),
});
const pooling = z.object({
  pooling_mode_mean_tokens: z.boolean().default(false),
  pooling_mode_cls_token: z.boolean().default(false),
  pooling_mode_max_tokens: z.boolean().default(false),
});
const limits = z.object({ max_seq_length: z.int().min(3) });
const modules = z.array(z.object({ type: z.string() }));
const object = z.looseObject({});

const GRAPHS = ['onnx/model.onnx', 'model.onnx'];
const NEEDED = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'sentence_bert_config.json',
  '1_Pooling/config.json',
];
/** Says whether vectors are brought to length 1; exports that leave it out come from encoders that do. */
const MODULES = 'modules.json';

/** What a sentence encoder's directory says of it. */
export interface EncoderFiles {
  readonly graph: string;
  /** Of what the files hold, sha256, the first 16 digits. */
  readonly version: string;
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
  /** Numbers of a vector. */
  readonly size: number;
  /** Tokens that the encoder knows. */
  readonly vocabulary: number;
  /** Tokens of a text that are read, those around it included. */
  readonly mostTokens: number;
  readonly pooling: 'mean' | 'first';
  readonly normalised: boolean;
}

/** Reads a directory in the layout of sentence-transformers with its ONNX export. Throws Fault `encoder-unreadable` that says what is missing. */
export async function readEncoderFiles(directory: string): Promise<EncoderFiles> {
  const graph = GRAPHS.find((name) => existsSync(join(directory, name)));
  const missing = NEEDED.filter((name) => !existsSync(join(directory, name)));
  if (graph === undefined) missing.push('onnx/model.onnx');
  if (graph === undefined || missing.length > 0)
    throw encoderFault(directory, `it has no ${missing.join(', no ')}`);
  const read = <T>(name: string, schema: z.ZodType<T>): Promise<T> => readJson(directory, name, schema);
  const own = await read('config.json', config);
  const { max_seq_length: most } = await read('sentence_bert_config.json', limits);
  const hasModules = existsSync(join(directory, MODULES));
  const steps = hasModules ? await read(MODULES, modules) : undefined;
  const data = existsSync(join(directory, `${graph}_data`)) ? [`${graph}_data`] : [];
  return {
    graph: join(directory, graph),
    version: await versionOf(directory, [...NEEDED, ...(hasModules ? [MODULES] : []), graph, ...data]),
    tokenizer: await read('tokenizer.json', object),
    tokenizerConfig: await read('tokenizer_config.json', object),
    size: own.hidden_size,
    vocabulary: own.vocab_size,
    mostTokens: Math.min(most, own.max_position_embeddings ?? most),
    pooling: poolingOf(directory, await read('1_Pooling/config.json', pooling)),
    normalised: steps?.some(({ type }) => type.endsWith('Normalize')) ?? true,
  };
}

export function encoderFault(directory: string, problem: string, cause?: unknown): Fault {
  return new Fault(
    'encoder-unreadable',
    `${directory} cannot be used as a sentence encoder: ${problem}`,
    'Name the directory of one model of sentence-transformers, all files of it, with its ONNX export, such as sentence-transformers/all-MiniLM-L6-v2 ' +
      '(`optimum-cli export onnx --model NAME --task feature-extraction DIRECTORY/onnx` writes the export).',
    { cause },
  );
}

function poolingOf(directory: string, modes: z.infer<typeof pooling>): EncoderFiles['pooling'] {
  const {
    pooling_mode_mean_tokens: mean,
    pooling_mode_cls_token: first,
    pooling_mode_max_tokens: max,
  } = modes;
  if (max || mean === first)
    throw encoderFault(
      directory,
      '1_Pooling/config.json asks for something else than the mean of the tokens or the first one',
    );
  return mean ? 'mean' : 'first';
}

async function readJson<T>(directory: string, name: string, schema: z.ZodType<T>): Promise<T> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(directory, name), 'utf8'));
  } catch (error) {
    throw encoderFault(directory, `${name} is not JSON`, error);
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  throw encoderFault(directory, `${name}: ${z.prettifyError(read.error)}`);
}

async function versionOf(directory: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) {
    hash.update(`${name}\n`);
    await pipeline(createReadStream(join(directory, name)), hash, { end: false });
  }
  return hash.digest('hex').slice(0, 16);
}
