import type { IngestResult } from '@heed/contract';
import type { TenantId } from '@heed/kernel';

/** Sends bytes through the edge again, as if the application had, and tells their fate. */
export type Redrive = (tenant: TenantId, body: string) => Promise<IngestResult>;

export const REDRIVE = Symbol('Redrive');
