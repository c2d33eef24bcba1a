import { Fault } from '@heed/kernel';
import { asRead, type ObservedTurn, type TrainingWatch, type WrittenModel } from '@heed/rewards';
import { Worker } from 'node:worker_threads';
import { threadEntry } from '../thread-entry.ts';
import type { FromThread, ToThread, TrainingWork } from './training-messages.ts';

export type Turns = AsyncIterable<readonly ObservedTurn[]>;
export type Result = Extract<FromThread, { readonly kind: 'trained' | 'evaluated' | 'drifted' | 'asked' }>;

export interface ThreadLimits {
  /** Turns of one piece of work. */
  readonly mostTurns: number;
  /** Memory of the thread, but for its tables of numbers. */
  readonly heapMiB: number;
}

export interface OnThread {
  readonly watch: TrainingWatch;
  readonly limits: ThreadLimits;
  /** The thread's program. */
  readonly entry: URL;
  /** Told of a model as soon as it is, whatever becomes of the thread after. */
  readonly written?: (model: WrittenModel) => void;
}

/**
 * Node lets a thread whose heap is full go 16 MiB beyond it, to be ended in order; what takes more at once ends the whole process. One collection of what is young may
 * move a third of this into the heap.
 */
const YOUNG_MIB = 24;

const FEWER =
  'Let the tenant keep fewer days (`heed retention --days N`), or import a part of its events into a tenant of its own and train there.';

/** One piece of work on a thread of its own, which is there no more when it ends. Rejects with the signal's reason, with Faults, and where the thread ends before its work. */
export async function onThread(
  work: TrainingWork,
  turns: Turns,
  { watch, limits, entry, written = () => undefined }: OnThread,
): Promise<Result> {
  const { progress, signal } = watch;
  const { mostTurns, heapMiB } = limits;
  signal.throwIfAborted();
  const resourceLimits = { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: YOUNG_MIB };
  const thread = new Worker(threadEntry(entry), { workerData: work, resourceLimits });
  const stop = Promise.withResolvers<never>();
  const abort = (): void => stop.reject(signal.reason);
  signal.addEventListener('abort', abort);
  let thrown: unknown = new Error('the training thread ended before its work did');
  thread.on('error', (error: unknown) => {
    thrown = isOutOfMemory(error) ? outOfMemory(heapMiB, error) : error;
  });
  // Not at the error: messages that were sent before it have all come at the exit.
  thread.on('exit', () => stop.reject(thrown));
  const result = Promise.withResolvers<Result>();
  let taken: () => void = () => undefined;
  thread.on('message', (message: FromThread) => {
    if (message.kind === 'taken') taken();
    else if (message.kind === 'progress') progress(message.progress);
    else if (message.kind === 'written') written(message.model);
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
      await Promise.race([isTaken, stop.promise]);
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
