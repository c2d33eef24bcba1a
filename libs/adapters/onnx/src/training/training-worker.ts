// The entry of a training thread: it takes turns until it is told that they were all, and then does the one thing it was begun for.
import { Fault } from '@heed/kernel';
import {
  askModel,
  evaluateModel,
  type ModelCard,
  type ObservedTurn,
  type ReadableTurn,
  type TrainingProgress,
  turnsDrift,
  withQuestions,
  type WrittenModel,
} from '@heed/rewards';
import { parentPort, workerData } from 'node:worker_threads';
import { EncoderFolders } from '../encoder-folders.ts';
import { checkedModel } from '../model-file.ts';
import { RewardScorer } from '../reward-scorer.ts';
import type { FromThread, ToThread, TrainingWork } from './training-messages.ts';
import { warnOfQuestions } from './warn-of-questions.ts';
import { writeModel, writeModelWithEncoder } from './write-model.ts';

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
  const encoders = new EncoderFolders(work.encoders);
  try {
    return await doneWith(encoders);
  } finally {
    await encoders.close();
  }
}

async function doneWith(encoders: EncoderFolders): Promise<FromThread> {
  if (work.kind === 'train') {
    const { order, heedVersion } = work;
    const progress = (some: TrainingProgress): void => tell({ kind: 'progress', progress: some });
    const model =
      order.encoder === undefined
        ? writeModel(turns, order, heedVersion, progress)
        : await writeModelWithEncoder(
            ...([turns, order, heedVersion, await encoders.open(order.encoder), progress] as const),
          );
    return { kind: 'trained', card: await questioned(model, encoders, progress) };
  }
  const { card, file } = work.model;
  const scorer = await RewardScorer.of(checkedModel(file, card.model), card.model, { encoders });
  const score = (some: readonly ReadableTurn[]) => scorer.score(some);
  try {
    if (work.kind === 'ask') {
      tell({ kind: 'progress', progress: { step: 'asking', done: 0, of: 1 } });
      return { kind: 'asked', answer: await askModel(turns, card, score, work.question) };
    }
    if (work.kind === 'drift') return { kind: 'drifted', report: await turnsDrift(turns, card, score) };
    tell({ kind: 'progress', progress: { step: 'judging', done: 0, of: 1 } });
    return {
      kind: 'evaluated',
      figures: await evaluateModel(turns, card, true, score),
    };
  } finally {
    await scorer.close();
  }
}

/** By the file that serves, once it does: the model is handed over then, so that whatever ends this thread while it asks leaves it whole. */
async function questioned(
  { card, file }: WrittenModel,
  encoders: EncoderFolders,
  progress: (progress: TrainingProgress) => void,
): Promise<ModelCard> {
  const scorer = await RewardScorer.of(checkedModel(file, card.model), card.model, { encoders });
  try {
    tell({ kind: 'written', model: { card, file } });
    const score = (some: readonly ReadableTurn[]) => scorer.score(some);
    return await withQuestions(turns, card, score, progress, (ask, thrown) =>
      warnOfQuestions(`The question ${ask}`, thrown),
    );
  } finally {
    await scorer.close();
  }
}

function tell(message: FromThread): void {
  port?.postMessage(message);
}
