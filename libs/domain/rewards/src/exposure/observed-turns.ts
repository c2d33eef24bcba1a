import type { TenantId } from '@heed/kernel';
import type { Reading } from '../features/feature-reader.ts';
import type { ObservedTurn } from './observed-turn.ts';

/** Port: the turns that a tenant's log tells of. */
export interface ObservedTurns {
  /**
   * Every turn once, a session's turns together and in their order, some at a time so that they need not all be held at once. What a model of this
   * reading must not read is not in them: for `answer` nothing that came later than the answer but the reactions, which are its labels.
   */
  read(tenant: TenantId, reading: Reading): AsyncIterable<readonly ObservedTurn[]>;
}
