import { Fault } from '@heed/kernel';
import type { LaterFigures, ObservedTurn, RewardTrainer, TrainingWatch, WrittenModel } from '@heed/rewards';
import { Worker } from 'node:worker_threads';
import { threadEntry } from './thread-entry.ts';
import type { FromThread, ToThread, TrainingWork } from './training-messages.ts';

type Result = Extract<FromThread, { readonly kind: 'trained' | 'evaluated' }>;
type Turns = AsyncIterable<readonly ObservedTurn[]>;

/** Trains and judges on a thread of its own, one for each piece of work; turns are handed over some at a time, so that neither side holds them twice. */
export class ThreadTrainer implements RewardTrainer {
  readonly #heedVersion: string;

  constructor(heedVersion: string) {
    this.#heedVersion = heedVersion;
  }

  async train(
    turns: Turns,
    order: Parameters<RewardTrainer['train']>[1],
    watch: TrainingWatch,
  ): Promise<WrittenModel> {
    const result = await onThread({ kind: 'train', order, heedVersion: this.#heedVersion }, turns, watch);
    if (result.kind !== 'trained') throw new Error('a training ends with a model');
    return result.model;
  }

  async evaluate(turns: Turns, model: WrittenModel, watch: TrainingWatch): Promise<LaterFigures> {
    const result = await onThread({ kind: 'evaluate', model }, turns, watch);
    if (result.kind !== 'evaluated') throw new Error('an evaluation ends with figures');
    return result.figures;
  }
}

async function onThread(
  work: TrainingWork,
  turns: Turns,
  { progress, signal }: TrainingWatch,
): Promise<Result> {
  signal.throwIfAborted();
  const thread = new Worker(threadEntry(), { workerData: work });
  const stop = Promise.withResolvers<never>();
  const abort = (): void => stop.reject(signal.reason);
  signal.addEventListener('abort', abort);
  thread.on('error', stop.reject);
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
      const isTaken = new Promise<void>((resolve) => (taken = resolve));
      tell({ turns: some });
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
