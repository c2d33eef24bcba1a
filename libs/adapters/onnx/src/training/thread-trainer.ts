import { Fault } from '@heed/kernel';
import {
  cardWithoutAnswers,
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
import { EncoderFolders } from '../encoder-folders.ts';
import { onThread, type OnThread, type ThreadLimits, type Turns } from './on-thread.ts';
import { warnOfQuestions } from './warn-of-questions.ts';

/** What a thread is told beside its work. */
export interface TrainerOptions extends ThreadLimits {
  /** Directories of the sentence encoders that may be used. */
  readonly encoders: readonly string[];
  /** The thread's program, where it is another than Heed's. */
  readonly entry: URL;
}

const MIB = 2 ** 20;
const ENTRY = new URL('./training-worker.ts', import.meta.url);

/** A turn of short texts takes 1.2 KB: two million fit into 4 GiB. The heap is at most half of what this process may have. */
function usualLimits(): ThreadLimits {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return { mostTurns: 2_000_000, heapMiB: Math.min(4096, Math.floor(memory / 2 / MIB)) };
}

/** Trains and judges on a thread of its own, one for each piece of work; turns are handed over some at a time, so that neither side holds them twice. */
export class ThreadTrainer implements RewardTrainer, ModelWatch {
  readonly #heedVersion: string;
  readonly #limits: ThreadLimits;
  readonly #entry: URL;
  readonly #encoders: EncoderFolders;

  constructor(
    heedVersion: string,
    { encoders = [], entry = ENTRY, ...limits }: Partial<TrainerOptions> = {},
  ) {
    this.#heedVersion = heedVersion;
    this.#entry = entry;
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
    const models: WrittenModel[] = [];
    try {
      const result = await onThread(
        work,
        turns,
        this.#with(watch, (model) => models.push(model)),
      );
      const [model] = models;
      if (result.kind !== 'trained' || model === undefined) throw new Error('a training ends with a model');
      return { card: result.card, file: model.file };
    } catch (thrown) {
      const [model] = models;
      if (model === undefined || watch.signal.aborted) throw thrown;
      return this.#unasked(model, thrown);
    }
  }

  async evaluate(turns: Turns, model: WrittenModel, watch: TrainingWatch): Promise<LaterFigures> {
    const result = await onThread(
      { kind: 'evaluate', model, encoders: this.#encoders.directories },
      turns,
      this.#with(watch),
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
    const result = await onThread(work, turns, this.#with(watch));
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
      this.#with(watch),
    );
    if (result.kind !== 'drifted') throw new Error('a look at drift ends with a report');
    return result.report;
  }

  #with(watch: TrainingWatch, written?: (model: WrittenModel) => void): OnThread {
    return { watch, limits: this.#limits, entry: this.#entry, ...(written && { written }) };
  }

  /** Of a thread that ended between its model and the answers: no question is worth a model. */
  #unasked({ card, file }: WrittenModel, thrown: unknown): WrittenModel {
    warnOfQuestions('All questions', thrown);
    const why = isOutOfMemory(thrown)
      ? `The questions took more than the ${this.#limits.heapMiB} MiB of memory that a training may have.`
      : "The questions were cut off by a mistake of Heed's own, which its log names.";
    return { card: cardWithoutAnswers(card, why), file };
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is there already is handed over as what comes
async function* atOnce(turns: readonly ObservedTurn[]): Turns {
  yield turns;
}

function isOutOfMemory(thrown: unknown): boolean {
  return thrown instanceof Fault && thrown.code === 'training-out-of-memory';
}
