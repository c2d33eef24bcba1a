// The entry of a training thread: it takes turns until it is told that they were all, and then does the one thing it was begun for.
import { Fault } from '@heed/kernel';
import { evaluateModel, type ObservedTurn } from '@heed/rewards';
import { parentPort, workerData } from 'node:worker_threads';
import { checkedModel } from '../model-file.ts';
import { RewardScorer } from '../reward-scorer.ts';
import type { FromThread, ToThread, TrainingWork } from './training-messages.ts';
import { writeModel } from './write-model.ts';

const port = parentPort;
if (port === null) throw new Error('training-worker is the entry of a thread');
// Of this process, as ThreadTrainer began it: Node types it as anything.
const work = workerData as TrainingWork;
/** Bounded by who sends them. */
const turns: ObservedTurn[] = [];

port.on('message', (message: ToThread) => {
  if ('turns' in message) {
    for (const turn of message.turns) turns.push(turn);
    tell({ kind: 'taken' });
    return;
  }
  void done().then(tell, (thrown: unknown) => {
    // What is no Fault is a mistake of ours: it ends the thread, and whoever waits is told so.
    if (!(thrown instanceof Fault)) throw thrown;
    const { code, message: says, remedy } = thrown;
    tell({ kind: 'fault', code, message: says, remedy });
  });
});

async function done(): Promise<FromThread> {
  if (work.kind === 'train') {
    const model = writeModel(turns, work.order, work.heedVersion, (progress) =>
      tell({ kind: 'progress', progress }),
    );
    return { kind: 'trained', model };
  }
  const { card, file } = work.model;
  const scorer = await RewardScorer.of(checkedModel(file, card.model), card.model);
  try {
    tell({ kind: 'progress', progress: { step: 'judging', done: 0, of: 1 } });
    return {
      kind: 'evaluated',
      figures: await evaluateModel(turns, card, true, (some) => scorer.score(some)),
    };
  } finally {
    await scorer.close();
  }
}

function tell(message: FromThread): void {
  // The file's own memory goes over, it is not copied.
  port?.postMessage(message, message.kind === 'trained' ? [message.model.file.buffer] : []);
}
