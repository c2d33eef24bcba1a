import type { TenantId } from '@heed/kernel';
import type { ErasedEvents } from './erased-events.ts';
import type { Attribution } from './fix.ts';
import type { ModelId } from './reward-model.ts';

/** What whoever takes events away may ask of whoever keeps the reward models. */
export interface StaleModels {
  /**
   * Marks the models that lean on what these erasures took, which has to be gone from where trainings read. To each erasure the models that are stale by
   * it: a model that was stale before is not. May be repeated, and then says the same. Of events that no model rests on one in 100 000 is taken for
   * one that does; none that one rests on is missed.
   */
  markLeaningOn(
    tenant: TenantId,
    erased: readonly ErasedEvents[],
    by: Pick<Attribution, 'atMs' | 'who'>,
  ): Promise<readonly (readonly ModelId[])[]>;
}
