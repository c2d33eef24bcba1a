import { Fault } from '@heed/kernel';
import {
  asRead,
  type DriftReport,
  type LaterFigures,
  type ModelAnswer,
  type ModelQuestion,
  type ModelWatch,
  type ObservedTurn,
  type RewardTrainer,
  type TrainingWatch,
  type WrittenModel,
} from '@heed/rewards';
import { totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EncoderFolders } from '../encoder-folders.ts';
import { threadEntry } from './thread-entry.ts';
import type { FromThread, ToThread, TrainingWork } from './training-messages.ts';

type Result = Extract<FromThread, { readonly kind: 'trained' | 'evaluated' | 'drifted' | 'asked' }>;
type Turns = AsyncIterable<readonly ObservedTurn[]>;

export interface TrainerLimits {
  /** Turns of one piece of work. */
  readonly mostTurns: number;
  /** Memory of the thread, but for its tables of numbers. */
  readonly heapMiB: number;
}

/** What a thread is told beside its work. */
export interface TrainerOptions extends TrainerLimits {
  /** Directories of the sentence encoders that may be used. */
  readonly encoders: readonly string[];
}

const MIB = 2 ** 20;
const FEWER =
  'Let the tenant keep fewer days (`heed retention --days N`), or import a part of its events into a tenant of its own and train there.';

/** A turn of short texts takes 1.2 KB: two million fit into 4 GiB. The heap is at most half of what this process may have. */
function usualLimits(): TrainerLimits {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return { mostTurns: 2_000_000, heapMiB: Math.min(4096, Math.floor(memory / 2 / MIB)) };
}

/** Trains and judges on a thread of its own, one for each piece of work; turns are handed over some at a time, so that neither side holds them twice. */
export class ThreadTrainer implements RewardTrainer, ModelWatch {
  readonly #heedVersion: string;
  readonly #limits: TrainerLimits;
  readonly #encoders: EncoderFolders;

  constructor(heedVersion: string, { encoders = [], ...limits }: Partial<TrainerOptions> = {}) {
    this.#heedVersion = heedVersion;
    this.#encoders = new EncoderFolders(encoders);
    this.#limits = { ...usualLimits(), ...limits };
  }

  async train(
    turns: Turns,
    order: Parameters<RewardTrainer['train']>[1],
    watch: TrainingWatch,
  ): Promise<WrittenModel> {
    // Before a turn is read, and not loaded here: the thread has its own.
    if (order.encoder !== undefined) await this.#encoders.find(order.encoder);
    const { directories } = this.#encoders;
    const work = { kind: 'train', order, heedVersion: this.#heedVersion, encoders: directories } as const;
    const result = await onThread(work, turns, watch, this.#limits);
    if (result.kind !== 'trained') throw new Error('a training ends with a model');
    return result.model;
  }

  async evaluate(turns: Turns, model: WrittenModel, watch: TrainingWatch): Promise<LaterFigures> {
    const result = await onThread(
      { kind: 'evaluate', model, encoders: this.#encoders.directories },
      turns,
      watch,
      this.#limits,
    );
    if (result.kind !== 'evaluated') throw new Error('an evaluation ends with figures');
    return result.figures;
  }

  async ask(
    turns: Turns,
    model: WrittenModel,
    question: ModelQuestion,
    watch: TrainingWatch,
  ): Promise<ModelAnswer> {
    const work = { kind: 'ask', model, question, encoders: this.#encoders.directories } as const;
    const result = await onThread(work, turns, watch, this.#limits);
    if (result.kind !== 'asked') throw new Error('a question ends with an answer');
    return result.answer;
  }

  async drift(
    turns: readonly ObservedTurn[],
    model: WrittenModel,
    signal: AbortSignal,
  ): Promise<DriftReport> {
    const watch = { progress: () => undefined, signal };
    const result = await onThread(
      { kind: 'drift', model, encoders: this.#encoders.directories },
      atOnce(turns),
      watch,
      this.#limits,
    );
    if (result.kind !== 'drifted') throw new Error('a look at drift ends with a report');
    return result.report;
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is there already is handed over as what comes
async function* atOnce(turns: readonly ObservedTurn[]): Turns {
  yield turns;
}

async function onThread(
  work: TrainingWork,
  turns: Turns,
  { progress, signal }: TrainingWatch,
  { mostTurns, heapMiB }: TrainerLimits,
): Promise<Result> {
  signal.throwIfAborted();
  const resourceLimits = { maxOldGenerationSizeMb: heapMiB };
  const thread = new Worker(threadEntry(), { workerData: work, resourceLimits });
  const stop = Promise.withResolvers<never>();
  const abort = (): void => stop.reject(signal.reason);
  signal.addEventListener('abort', abort);
  thread.on('error', (error) => stop.reject(isOutOfMemory(error) ? outOfMemory(heapMiB, error) : error));
  thread.on('exit', () => stop.reject(new Error('the training thread ended before its work did')));
  const result = Promise.withResolvers<Result>();
  let taken: () => void = () => undefined;
  thread.on('message', (message: FromThread) => {
    if (message.kind === 'taken') taken();
    else if (message.kind === 'progress') progress(message.progress);
    else if (message.kind === 'fault')
      result.reject(new Fault(message.code, message.message, message.remedy));
    else result.resolve(message);
  });
  const tell = (message: ToThread): void => thread.postMessage(message);
  const whole = async (): Promise<Result> => {
    let read = 0;
    for await (const some of turns) {
      if (read + some.length > mostTurns) throw tooManyTurns(mostTurns);
      const isTaken = new Promise<void>((resolve) => (taken = resolve));
      tell({ turns: some.map(asRead) });
      await isTaken;
      signal.throwIfAborted();
      read += some.length;
      progress({ step: 'reading turns', done: read, of: 0 });
    }
    tell({ end: true });
    return result.promise;
  };
  try {
    return await Promise.race([whole(), stop.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    await thread.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function outOfMemory(heapMiB: number, cause: unknown): Fault {
  return new Fault(
    'training-out-of-memory',
    `The turns of this tenant take more than the ${heapMiB} MiB of memory that a training may have.`,
    `${FEWER} Where the machine has less than 8 GiB, more memory helps.`,
    { cause },
  );
}

function tooManyTurns(most: number): Fault {
  return new Fault(
    'training-too-many-turns',
    `There are more than ${most} turns, and a training holds them all.`,
    FEWER,
  );
}
