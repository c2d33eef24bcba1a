import type { TenantId } from '@heed/kernel';
import type { ReadableTurn } from '../features/feature-reader.ts';
import type { Scores } from '../reward-head.ts';

/** Port: scores by the models of a tenant, by the version of their files (SHA-256, hex). */
export interface ModelScorers {
  /** Throws a Fault when the file cannot be had or is not what it was. */
  score(tenant: TenantId, version: string, turns: readonly ReadableTurn[]): Promise<Scores>;
}
