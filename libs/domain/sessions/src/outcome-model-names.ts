import type { TenantId } from '@heed/kernel';
import type { SessionKey } from './session-store.ts';

/** Port: the models that the sessions of a warehouse name as those that decided their outcomes. */
export interface OutcomeModelNames {
  /** How many sessions with turns name each. */
  counts(): Promise<readonly NamedByTenant[]>;
  /** Of those of the sessions that are there. */
  of(sessions: readonly SessionKey[]): Promise<readonly (SessionKey & { readonly model: string })[]>;
}

export interface NamedByTenant {
  readonly tenant: TenantId;
  readonly model: string;
  readonly sessions: number;
}
