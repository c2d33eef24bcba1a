import type { TenantId } from '@heed/kernel';
import type { Attribution } from './fix.ts';
import type { ModelId, RewardModel, StaleReason, TrainedModel } from './reward-model.ts';

/** What the learner and the scorers may ask of whoever keeps the reward models. Nothing here puts a model live. */
export interface RewardModels {
  /** Records a training that ended and what the gates said. The same file again is the same model; what is live stays live. */
  trained(model: TrainedModel, by: Attribution): Promise<RewardModel>;
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
