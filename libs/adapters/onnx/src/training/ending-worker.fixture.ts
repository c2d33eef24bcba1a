// The entry of a training thread that writes its model and then ends, as the name in its order says, before it has asked anything.
import type { ObservedTurn } from '@heed/rewards';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromThread, ToThread, TrainingWork } from './training-messages.ts';
import { writeModel } from './write-model.ts';

// Of this process, as ThreadTrainer began it: Node types it as anything.
const work = workerData as TrainingWork;
const turns: ObservedTurn[] = [];

parentPort?.on('message', (message: ToThread) => {
  if ('turns' in message) {
    turns.push(...message.turns);
    tell({ kind: 'taken' });
    return;
  }
  if (work.kind !== 'train') return;
  tell({ kind: 'written', model: writeModel(turns, work.order, work.heedVersion) });
  if (work.order.name === 'hungry') takeAllMemory();
  if (work.order.name === 'mistaken') throw new TypeError('a user wrote this');
  process.exit(0);
});

function takeAllMemory(): void {
  const held: unknown[] = [];
  for (;;) held.push({ after: held.length, words: ['word', 'word'] });
}

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}
