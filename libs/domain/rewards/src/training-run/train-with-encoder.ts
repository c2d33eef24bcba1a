import { Fault } from '@heed/kernel';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { FeatureReader } from '../features/feature-reader.ts';
import { encodedNumbers, readWithEncoder } from '../features/read-with-encoder.ts';
import type { SentenceEncoder } from '../features/sentence-encoder.ts';
import { training, type TrainedHead, type TurnsToRead } from './train-model.ts';
import type { TrainingOrder, TrainingProgress } from './training-order.ts';

/** Memory of an encoder's numbers of all turns that are held at a time; training takes it twice, as read and as scaled, and that of the turns that choose a third time, as halves. */
const MOST_BYTES = 2 ** 30;
const BYTES_A_NUMBER = 4;

/**
 * As `trainModel`, with a sentence encoder beside the native features.
 *
 * Throws its Faults, those of the encoder, and `training-too-many-examples` where the numbers of the parts that are held together would take more memory than
 * is meant for them: before any turn is encoded.
 */
export async function trainWithEncoder(
  turns: readonly ObservedTurn[],
  order: TrainingOrder,
  encoder: SentenceEncoder,
  progress: (progress: TrainingProgress) => void = () => undefined,
  mostBytes = MOST_BYTES,
): Promise<TrainedHead> {
  const most = Math.floor(mostBytes / (BYTES_A_NUMBER * encodedNumbers(order.reading, encoder)));
  const work = training(turns, order, new FeatureReader(order.reading), progress, (toRead) => {
    const held = toRead.fit + toRead.tune + Math.max(toRead.test, toRead.reference);
    if (held > most) throw tooManyExamples(toRead, held, most);
  });
  let asked = work.next();
  while (asked.done !== true) {
    const own = asked.value;
    const table = await readWithEncoder(order.reading, own, encoder, (done) =>
      progress({ step: 'encoding turns', done, of: own.length }),
    );
    asked = work.next(table);
  }
  return asked.value;
}

function tooManyExamples({ fit, tune, test, reference }: TurnsToRead, held: number, most: number): Fault {
  return new Fault(
    'training-too-many-examples',
    `There are ${fit} examples to fit on, ${tune} to choose by, ${test} to judge by and ${reference} turns to watch drift by: up to ${held} at a time, and beside this sentence encoder a training holds ${most}.`,
    'Train with the native encoder alone (--encoder native), with an encoder of shorter vectors, or let the tenant keep fewer days (`heed retention --days N`).',
  );
}
