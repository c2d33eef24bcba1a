import type { IngestResult } from '@heed/contract';
import type { TenantId } from '@heed/kernel';

/**
 * Sends bytes through the edge in the place of a dead letter, as if the application had, and tells their fate. When they are an event, and
 * another than the letter itself, the log knows afterwards that it took the letter's place. Doing it again changes nothing.
 */
export type Redrive = (tenant: TenantId, letter: string, body: string) => Promise<IngestResult>;

export const REDRIVE = Symbol('Redrive');
