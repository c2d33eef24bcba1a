import { Fault, type TenantId } from '@heed/kernel';
import { MODEL_FILES, REWARD_MODELS } from '@heed/platform';
import type {
  Attribution,
  ModelId,
  RewardModel,
  RewardModels,
  StaleModels,
  StaleReason,
} from '@heed/policies';
import { eventsIn, type ModelCard } from '@heed/rewards';
import { Inject, Injectable } from '@nestjs/common';

/** As much of `ModelFiles` as tells which events stand behind a model. */
export interface CardsByModel {
  card(tenant: TenantId, model: string): Promise<Pick<ModelCard, 'events'> | null>;
}

/** What is served stays as it is: a person puts another model live, once it was trained on what is left. */
@Injectable()
export class MarkModelsStale implements StaleModels {
  readonly #models: Pick<RewardModels, 'all' | 'markStale'>;
  readonly #files: CardsByModel;

  constructor(
    @Inject(REWARD_MODELS) models: Pick<RewardModels, 'all' | 'markStale'>,
    @Inject(MODEL_FILES) files: CardsByModel,
  ) {
    this.#models = models;
    this.#files = files;
  }

  /** Cost: a card for each of the tenant's models, and a look for each event into each. */
  async markLeaningOn(
    tenant: TenantId,
    events: readonly string[],
    reason: StaleReason,
    by: Attribution,
  ): Promise<readonly ModelId[]> {
    const leaning: ModelId[] = [];
    for (const model of await this.#models.all(tenant))
      if (await this.#leansOn(model, events)) leaning.push(model.id);
    return this.#models.markStale(tenant, leaning, reason, by);
  }

  /** A model whose card is gone or cannot be read may lean on anything. */
  async #leansOn({ tenant, id }: RewardModel, events: readonly string[]): Promise<boolean> {
    const card = await this.#files.card(tenant, id).catch((thrown: unknown) => {
      if (thrown instanceof Fault && thrown.code === 'model-card-damaged') return null;
      throw thrown;
    });
    return events.length > 0 && (card === null || events.some(eventsIn(card.events)));
  }
}
