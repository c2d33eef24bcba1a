import type { ErasedSeals } from '@heed/events';
import type { TenantId } from '@heed/kernel';

/** Port: what may have been learnt from, of what an erasure touches. */
export interface TouchedEvents {
  /**
   * Ids of every event of the sessions in which the erasure takes one, each once: the others were read together with it. The same before the
   * erasure is carried out and after.
   */
  ids(tenant: TenantId, erasure: ErasedSeals): Promise<readonly string[]>;
}
