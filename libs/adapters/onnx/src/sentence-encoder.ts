/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { SentenceEncoder } from '@heed/rewards';
import type { InferenceSession } from 'onnxruntime-node';
import { loadRuntime, type Runtime } from './runtime.ts';
import { encoderFault, readEncoderFiles, type EncoderFiles } from './sentence-encoder-files.ts';
import { SentenceTokens, type Tokens } from './sentence-tokens.ts';

const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'];
const OUTPUT = 'last_hidden_state';
/** Tokens run at once, those that fill texts up included: more is no faster, and memory grows with it. */
const BATCH_TOKENS = 4096;

/**
 * A sentence encoder out of a directory in the layout of sentence-transformers, run by onnxruntime on one thread: texts are
 * tokenised, cut to the encoder's maximum, run in batches of like length, pooled and brought to length 1 as the directory says.
 * Rows are the same to 1e-5 whatever texts come beside. To be closed.
 */
export class OnnxSentenceEncoder implements SentenceEncoder {
  readonly version: string;
  readonly size: number;
  readonly #directory: string;
  readonly #files: EncoderFiles;
  readonly #tokens: SentenceTokens;
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  #cut = 0;

  private constructor(
    directory: string,
    files: EncoderFiles,
    tokens: SentenceTokens,
    runtime: Runtime,
    session: InferenceSession,
  ) {
    this.version = files.version;
    this.size = files.size;
    this.#directory = directory;
    this.#files = files;
    this.#tokens = tokens;
    this.#runtime = runtime;
    this.#session = session;
  }

  /** Throws Fault `encoder-unreadable` that says what the directory lacks or which of its files does not belong there. */
  static async open(directory: string): Promise<OnnxSentenceEncoder> {
    const files = await readEncoderFiles(directory);
    const tokens = new SentenceTokens(directory, files);
    const runtime = await loadRuntime();
    const session = await runtime.InferenceSession.create(files.graph, {
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    }).catch((error: unknown) => {
      throw encoderFault(directory, 'onnxruntime cannot load its graph', error);
    });
    const encoder = new OnnxSentenceEncoder(directory, files, tokens, runtime, session);
    try {
      await encoder.#tryOut();
    } catch (error) {
      await session.release();
      throw error;
    }
    return encoder;
  }

  /** Texts so far that were longer than what the encoder reads; of those only the beginning counts. */
  get cut(): number {
    return this.#cut;
  }

  async embed(texts: readonly string[]): Promise<Float32Array> {
    const own = new Map<string, Tokens>();
    for (const text of texts) if (!own.has(text)) own.set(text, this.#tokens.of(text));
    for (const text of texts) if (own.get(text)!.isCut) this.#cut++;
    const vectors = new Map<string, Float32Array>();
    for (const batch of batchesOf([...own])) {
      const rows = await this.#run(batch.map(([, { ids }]) => ids));
      batch.forEach(([text], row) =>
        vectors.set(text, rows.subarray(row * this.size, (row + 1) * this.size)),
      );
    }
    const all = new Float32Array(texts.length * this.size);
    texts.forEach((text, row) => all.set(vectors.get(text)!, row * this.size));
    return all;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  /** The graph must take tokens and give a vector for each, for the tokenizer's last token too: config.json only says so. */
  async #tryOut(): Promise<void> {
    const { inputNames, outputNames } = this.#session;
    const foreign = inputNames.filter((name) => !INPUTS.includes(name));
    if (foreign.length > 0 || !inputNames.includes('input_ids') || !outputNames.includes(OUTPUT))
      throw encoderFault(
        this.#directory,
        `its graph is no encoder's: it takes ${inputNames.join(', ')} and gives ${outputNames.join(', ')}, where an encoder takes ${INPUTS.join(', ')} and gives ${OUTPUT}`,
      );
    await this.#run([[this.#tokens.lastId]]);
  }

  async #run(ids: readonly (readonly number[])[]): Promise<Float32Array> {
    const longest = Math.max(1, ...ids.map(({ length }) => length));
    const given = Object.fromEntries(INPUTS.map((name) => [name, new BigInt64Array(ids.length * longest)]));
    ids.forEach((own, row) => {
      own.forEach((id, at) => {
        given['input_ids']![row * longest + at] = BigInt(id);
        given['attention_mask']![row * longest + at] = 1n;
      });
    });
    const feeds = Object.fromEntries(
      this.#session.inputNames.map((name) => [
        name,
        new this.#runtime.Tensor('int64', given[name]!, [ids.length, longest]),
      ]),
    );
    const results = await this.#session.run(feeds, [OUTPUT]).catch((error: unknown) => {
      throw encoderFault(this.#directory, 'its graph does not run with the tokens of tokenizer.json', error);
    });
    const states = results[OUTPUT];
    if (!(states?.data instanceof Float32Array) || states.data.length !== ids.length * longest * this.size)
      throw encoderFault(
        this.#directory,
        `its graph gives ${String(states?.type)} [${String(states?.dims)}], and config.json says ${String(this.size)} numbers for each token`,
      );
    return this.#pooled(states.data, ids, longest);
  }

  #pooled(states: Float32Array, ids: readonly (readonly number[])[], longest: number): Float32Array {
    const rows = new Float32Array(ids.length * this.size);
    ids.forEach(({ length }, row) => {
      const counted = this.#files.pooling === 'mean' ? length : Math.min(1, length);
      const sums = new Float64Array(this.size);
      for (let at = 0; at < counted; at++)
        for (let n = 0; n < this.size; n++) sums[n]! += states[(row * longest + at) * this.size + n]!;
      const divisor = this.#files.normalised ? Math.hypot(...sums) : counted;
      for (let n = 0; n < this.size; n++) rows[row * this.size + n] = sums[n]! / Math.max(divisor, 1e-12);
    });
    return rows;
  }
}

/** Neighbours in length together, so that little is filled up; the longest first, so that memory is found wanting at once. */
function batchesOf(texts: readonly (readonly [string, Tokens])[]): readonly (readonly [string, Tokens])[][] {
  const byLength = [...texts].sort(([, a], [, b]) => b.ids.length - a.ids.length);
  const batches: (readonly [string, Tokens])[][] = [];
  for (const one of byLength) {
    const batch = batches.at(-1);
    if (batch !== undefined && (batch.length + 1) * batch[0]![1].ids.length <= BATCH_TOKENS) batch.push(one);
    else batches.push([one]);
  }
  return batches;
}
