import type { TenantId } from '@heed/kernel';
import type { Attribution } from './fix.ts';
import type { ModelId, ModelPurpose, RewardModel, StaleReason } from './reward-model.ts';

/** What the learner and the scorers may ask of whoever keeps the reward models. Nothing here puts a model live. */
export interface RewardModels {
  /** By id, or by name: of a name the live one, or else the one trained last. Null where there is none. */
  find(tenant: TenantId, idOrName: string): Promise<RewardModel | null>;
  /** By name, and of one name the one trained last first. */
  all(tenant: TenantId): Promise<readonly RewardModel[]>;
  /** Those that are stale afterwards. May be repeated. */
  markStale(
    tenant: TenantId,
    models: readonly ModelId[],
    reason: StaleReason,
    by: Attribution,
  ): Promise<readonly ModelId[]>;
}

/** What whoever derives sessions may ask of whoever keeps the reward models. */
export interface LiveModels {
  /**
   * Of every tenant that has any, the live models of a purpose, the one that was put live last first. As of now; while nothing was decided it is the same map
   * again, and costs one look at the newest decision.
   */
  live(purpose: ModelPurpose): Promise<ReadonlyMap<TenantId, readonly RewardModel[]>>;
}
