import type { TenantId } from '@heed/kernel';
import type { Attribution } from './fix.ts';
import type { ModelId, StaleReason } from './reward-model.ts';

/** What whoever takes events away may ask of whoever keeps the reward models. */
export interface StaleModels {
  /**
   * Marks the models behind which any of these events stands; those that are stale afterwards. May be repeated. Of events that no model rests
   * on one in 100 000 is taken for one that does; none that one rests on is missed.
   */
  markLeaningOn(
    tenant: TenantId,
    events: readonly string[],
    reason: StaleReason,
    by: Attribution,
  ): Promise<readonly ModelId[]>;
}
