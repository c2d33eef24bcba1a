import type { TrainRequest } from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
import {
  CLOCK,
  MODEL_FILES,
  OBSERVED_TURNS,
  REWARD_MODELS,
  REWARD_TRAINER,
  sha256Hex,
  TRACING,
  type Clock,
} from '@heed/platform';
import { modelId, type RewardModels } from '@heed/policies';
import {
  DEFAULT_EXPOSURE,
  type LaterFigures,
  type ModelCard,
  type ModelFiles,
  type ObservedTurns,
  type RewardTrainer,
  type TrainingWatch,
  type WrittenModel,
} from '@heed/rewards';
import { traced, type Tracing } from '@heed/telemetry';
import { Inject, Injectable } from '@nestjs/common';

const WHO = 'heed:learner';

/** From a tenant's log to a model that is written, judged and recorded; and how such a model does on what came later. Nothing here puts one live. */
@Injectable()
export class TrainRewardModel {
  readonly #turns: ObservedTurns;
  readonly #trainer: RewardTrainer;
  readonly #files: ModelFiles;
  readonly #models: RewardModels;
  readonly #clock: Clock;
  readonly #tracing: Tracing;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(OBSERVED_TURNS) turns: ObservedTurns,
    @Inject(REWARD_TRAINER) trainer: RewardTrainer,
    @Inject(MODEL_FILES) files: ModelFiles,
    @Inject(REWARD_MODELS) models: RewardModels,
    @Inject(CLOCK) clock: Clock,
    @Inject(TRACING) tracing: Tracing,
  ) {
    this.#turns = turns;
    this.#trainer = trainer;
    this.#files = files;
    this.#models = models;
    this.#clock = clock;
    this.#tracing = tracing;
  }

  /** The card of the model. The same log and request give the same model, which keeps its first card. */
  love(
    tenant: TenantId,
    { positive, negative, name = 'love', seed = 0 }: TrainRequest,
    watch: TrainingWatch,
  ): Promise<ModelCard> {
    const order = {
      tenant,
      name,
      purpose: 'love',
      reading: 'answer',
      rules: {
        ...DEFAULT_EXPOSURE,
        ...(positive && { positive: positive.toSorted() }),
        ...(negative && { negative: negative.toSorted() }),
      },
      seed,
      trainedAtMs: this.#clock.nowMs(),
    } as const;
    return this.#alone(watch, () =>
      traced(this.#tracing, 'train', {}, async (span) => {
        const turns = this.#turns.read(tenant, order.reading);
        const written = await this.#trainer.train(turns, order, watch);
        const card = await this.#record(tenant, written);
        span.note({ 'heed.turns': card.counts.turns, 'heed.examples': card.counts.examples });
        return card;
      }),
    );
  }

  /** Of a model by its id or name, on the turns that came after those it rests on. */
  async evaluate(tenant: TenantId, idOrName: string, watch: TrainingWatch): Promise<LaterFigures> {
    const model = await this.written(tenant, idOrName);
    return this.#alone(watch, () =>
      this.#trainer.evaluate(this.#turns.read(tenant, model.card.features.reading), model, watch),
    );
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
        'List the models (heed models), or train one with `heed train love`.',
      );
    const card = await this.#files.card(tenant, model.id);
    if (card === null) throw gone(model.id);
    return card;
  }

  /** Files before the record: what is recorded can be served. */
  async #record(tenant: TenantId, written: WrittenModel): Promise<ModelCard> {
    const { model } = written.card;
    await this.#files.keep(tenant, written);
    const card = (await this.#files.card(tenant, model)) ?? written.card;
    await this.#models.trained(
      {
        id: modelId(model),
        tenant,
        name: card.name,
        purpose: card.purpose,
        version: card.file.sha256,
        featuresVersion: card.features.version,
        trainedAtMs: Date.parse(card.trainedAt),
        card: sha256Hex(JSON.stringify(card)),
        gates: card.gates.map(({ gate, passed, says }) => ({ gate, passed, says })),
      },
      { atMs: this.#clock.nowMs(), who: WHO, why: 'trained' },
    );
    return card;
  }

  /** One training at a time: each takes a core and holds its turns in memory. */
  async #alone<T>({ signal }: TrainingWatch, work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last = run.catch(() => undefined);
    return run;
  }
}

function gone(model: string): Fault {
  return new Fault(
    'model-not-kept',
    `The file or card of ${model} is not where models are kept.`,
    'Bring back the folder or database they were in, or train the model again.',
  );
}
