import { NATIVE_ENCODER, type TrainRequest } from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
import {
  CLOCK,
  MODEL_FILES,
  OBSERVED_TURNS,
  REWARD_MODELS,
  REWARD_TRAINER,
  sha256Hex,
  TRACING,
  TRAINING_RECORD,
  type Clock,
} from '@heed/platform';
import { modelId, type RewardModels, type TrainingRecord } from '@heed/policies';
import {
  groundsOf,
  TRAINED_PURPOSES,
  type LaterFigures,
  type ModelAnswer,
  type ModelCard,
  type ModelFiles,
  type ModelQuestion,
  type ObservedTurns,
  type RewardTrainer,
  type TrainedPurpose,
  type TrainingWatch,
  type WrittenModel,
} from '@heed/rewards';
import { traced, type Tracing } from '@heed/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { WorkQueue } from './work-queue.ts';

const WHO = 'heed:learner';

/** From a tenant's log to a model that is written, judged and recorded; and how such a model does on what came later. Nothing here puts one live. */
@Injectable()
export class TrainRewardModel {
  readonly #turns: ObservedTurns;
  readonly #trainer: RewardTrainer;
  readonly #files: ModelFiles;
  readonly #models: RewardModels;
  readonly #ended: TrainingRecord;
  readonly #clock: Clock;
  readonly #tracing: Tracing;
  /** Each training takes a core and holds its turns in memory. */
  readonly #queue = new WorkQueue();

  constructor(
    @Inject(OBSERVED_TURNS) turns: ObservedTurns,
    @Inject(REWARD_TRAINER) trainer: RewardTrainer,
    @Inject(MODEL_FILES) files: ModelFiles,
    @Inject(REWARD_MODELS) models: RewardModels,
    @Inject(TRAINING_RECORD) ended: TrainingRecord,
    @Inject(CLOCK) clock: Clock,
    @Inject(TRACING) tracing: Tracing,
  ) {
    this.#turns = turns;
    this.#trainer = trainer;
    this.#files = files;
    this.#models = models;
    this.#ended = ended;
    this.#clock = clock;
    this.#tracing = tracing;
  }

  /** The card of the model. The same log and request give the same model, which keeps its first card. */
  async train(
    tenant: TenantId,
    purpose: TrainedPurpose,
    { positive, negative, name = purpose, encoder = NATIVE_ENCODER, seed = 0 }: TrainRequest,
    watch: TrainingWatch,
  ): Promise<ModelCard> {
    const { reading, rules } = TRAINED_PURPOSES[purpose];
    const order = {
      tenant,
      name,
      purpose,
      reading,
      rules: {
        ...rules,
        ...(positive && { positive: positive.toSorted() }),
        ...(negative && { negative: negative.toSorted() }),
      },
      seed,
      ...(encoder !== NATIVE_ENCODER && { encoder }),
    } as const;
    await this.#ended.mayBeNamed(order);
    return this.#queue.run(tenant, watch, () =>
      traced(this.#tracing, 'train', {}, async (span) => {
        const begun = await this.#ended.begin();
        const turns = this.#turns.read(tenant, order.reading);
        const written = await this.#trainer.train(
          turns,
          { ...order, trainedAtMs: this.#clock.nowMs() },
          watch,
        );
        const card = await this.#record(tenant, written, begun);
        span.note({ 'heed.turns': card.counts.turns, 'heed.examples': card.counts.examples });
        return card;
      }),
    );
  }

  /** Of a model by its id or name, on the turns that came after those it rests on. */
  async evaluate(tenant: TenantId, idOrName: string, watch: TrainingWatch): Promise<LaterFigures> {
    return this.#withModel(tenant, idOrName, watch, (model) =>
      this.#trainer.evaluate(this.#turns.read(tenant, model.card.features.reading), model, watch),
    );
  }

  /** What the figures of a model, by its id or name, cannot say. Turns are read where the question does not bring its own answers. */
  async ask(
    tenant: TenantId,
    idOrName: string,
    question: ModelQuestion,
    watch: TrainingWatch,
  ): Promise<ModelAnswer> {
    return this.#withModel(tenant, idOrName, watch, (model) =>
      this.#trainer.ask(
        readsTheLog(question) ? this.#turns.read(tenant, model.card.features.reading) : noTurns(),
        ...([model, question, watch] as const),
      ),
    );
  }

  /** One that is not there is told at once; that of its turn is read at its turn, so that what waits holds no file, and a name is of whom it is by then. */
  async #withModel<T>(
    tenant: TenantId,
    idOrName: string,
    watch: TrainingWatch,
    work: (model: WrittenModel) => Promise<T>,
  ): Promise<T> {
    await this.card(tenant, idOrName);
    return this.#queue.run(tenant, watch, async () => work(await this.written(tenant, idOrName)));
  }

  /** Throws Fault `model-unknown` where there is none, and `model-not-kept` where its file is gone. */
  async written(tenant: TenantId, idOrName: string): Promise<WrittenModel> {
    const card = await this.card(tenant, idOrName);
    const file = await this.#files.file(tenant, card.file.sha256);
    if (file === null) throw gone(card.model);
    return { card, file };
  }

  /** Throws as `written`. */
  async card(tenant: TenantId, idOrName: string): Promise<ModelCard> {
    const model = await this.#models.find(tenant, idOrName);
    if (model === null)
      throw new Fault(
        'model-unknown',
        `There is no model ${idOrName}.`,
        'List the models (heed models), or train one with `heed train`.',
      );
    const card = await this.#files.card(tenant, model.id);
    if (card === null) throw gone(model.id);
    return card;
  }

  /**
   * Files before the record: what is recorded can be served. The card as it is kept: a model that there was keeps its first one, unless it was stale
   * and is not any more.
   */
  async #record(tenant: TenantId, written: WrittenModel, begun: number): Promise<ModelCard> {
    const { card } = written;
    const model = modelId(card.model);
    await this.#files.keep(tenant, written);
    const kept = await this.#cardKept(tenant, model);
    const trained = {
      ...{ id: model, tenant, name: card.name, purpose: card.purpose, version: card.file.sha256 },
      featuresVersion: card.features.version,
      trainedAtMs: Date.parse(card.trainedAt),
      card: hashOf(card),
      gates: card.gates.map(({ gate, passed, says }) => ({ gate, passed, says })),
      ...(card.rules && {
        besideRules: { replacesRules: card.rules.replacesRules, threshold: card.rules.threshold },
      }),
    };
    const by = { atMs: this.#clock.nowMs(), who: WHO, why: 'trained' };
    try {
      const recorded = await this.#ended.record({ model: trained, grounds: groundsOf(card), begun }, by);
      if (kept !== null && (recorded.card !== trained.card || hashOf(kept) === trained.card)) return kept;
    } catch (thrown) {
      if (isOfNone(thrown) && (await this.#models.find(tenant, model)) === null)
        await this.#files.drop(tenant, card);
      throw thrown;
    }
    await this.#files.renew(tenant, card);
    return card;
  }

  /** Null where it cannot be read, too: the training has made another. */
  #cardKept(tenant: TenantId, model: string): Promise<ModelCard | null> {
    return this.#files.card(tenant, model).catch((thrown: unknown) => {
      if (thrown instanceof Fault && thrown.code === 'model-card-damaged') return null;
      throw thrown;
    });
  }
}

function hashOf(card: ModelCard): string {
  return sha256Hex(JSON.stringify(card));
}

/** Whether nothing was recorded, nor ever will be: the tenant was removed meanwhile, or others took the name. */
function isOfNone(thrown: unknown): boolean {
  return thrown instanceof Fault && ['tenant-removed', 'model-name-taken'].includes(thrown.code);
}

function gone(model: string): Fault {
  return new Fault(
    'model-not-kept',
    `The file or card of ${model} is not where models are kept.`,
    'Bring back the folder or database they were in, or train the model again.',
  );
}

function readsTheLog(question: ModelQuestion): boolean {
  return question.ask !== 'objectives' && !(question.ask === 'gaming' && question.pools !== undefined);
}

async function* noTurns(): AsyncGenerator<never> {}
