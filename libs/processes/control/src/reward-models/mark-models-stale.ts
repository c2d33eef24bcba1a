import { Fault, type TenantId } from '@heed/kernel';
import { CLOCK, EVENT_STORE, MODEL_FILES, RETENTION_STORE, REWARD_MODELS, type Clock } from '@heed/platform';
import {
  leaningOf,
  type Attribution,
  type ErasedEvents,
  type EventStore,
  type ModelGrounds,
  type ModelId,
  type RewardModel,
  type RewardModels,
  type StaleModels,
} from '@heed/policies';
import type { DrawnHorizons } from '@heed/retention';
import { groundsOf, type ModelCard } from '@heed/rewards';
import { Inject, Injectable } from '@nestjs/common';
import { forgetsBack } from './expired-since.ts';
import { noteForgotten } from './forgotten-users.ts';
import { staleByErasure } from './stale-by-erasure.ts';

/** As much of `ModelFiles` as tells what stands behind a model. */
export interface CardsByModel {
  card(tenant: TenantId, model: string): Promise<Pick<ModelCard, 'events' | 'window' | 'trainedAt'> | null>;
}

/** What is served stays as it is: a person puts another model live, once it was trained on what is left. */
@Injectable()
export class MarkModelsStale implements StaleModels {
  readonly #models: Pick<RewardModels, 'all' | 'markStale'>;
  readonly #files: CardsByModel;
  readonly #retention: DrawnHorizons;
  readonly #store: EventStore;
  readonly #clock: Clock;

  constructor(
    @Inject(REWARD_MODELS) models: Pick<RewardModels, 'all' | 'markStale'>,
    @Inject(MODEL_FILES) files: CardsByModel,
    @Inject(RETENTION_STORE) retention: DrawnHorizons,
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#models = models;
    this.#files = files;
    this.#retention = retention;
    this.#store = store;
    this.#clock = clock;
  }

  /** Cost: a card for each of the tenant's models that is not stale, and a look for each event into each. */
  async markLeaningOn(
    tenant: TenantId,
    erased: readonly ErasedEvents[],
    by: Pick<Attribution, 'atMs' | 'who'>,
  ): Promise<readonly (readonly ModelId[])[]> {
    const erasures = erased.map(({ erasure }) => erasure);
    await noteForgotten(this.#store, tenant, erasures, this.#clock.nowMs());
    for (const model of await this.#models.all(tenant)) {
      if (model.stale !== null) continue;
      const leaning = leaningOf(await this.#groundsOf(model), erased, await this.#expiredSince(model));
      if (leaning === null) continue;
      const { reason, why } = staleByErasure(leaning);
      await this.#models.markStale(tenant, [model.id], reason, { ...by, why });
    }
    // As the record has it, so that it is the same however often it is asked.
    const all = await this.#models.all(tenant);
    return erasures.map((erasure) => all.filter((model) => isStaleBy(model, erasure)).map(({ id }) => id));
  }

  /** Null for a model whose card is gone or cannot be read. */
  async #groundsOf({ tenant, id }: RewardModel): Promise<ModelGrounds | null> {
    const card = await this.#files.card(tenant, id).catch((thrown: unknown) => {
      if (thrown instanceof Fault && thrown.code === 'model-card-damaged') return null;
      throw thrown;
    });
    return card === null ? null : groundsOf(card);
  }

  #expiredSince({ tenant, trainedAtMs }: RewardModel): Promise<number | null> {
    return this.#retention.drawnSince(tenant, forgetsBack(trainedAtMs));
  }
}

function isStaleBy({ stale }: RewardModel, erasure: string): boolean {
  return stale?.because === 'erasure' && stale.events.includes(erasure);
}
