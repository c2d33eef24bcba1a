import type { TenantId } from '@heed/kernel';
import type { DeadLetterRow } from '@heed/sessions';

export interface RedriveOutcome {
  /** The dead letter that was sent again. */
  readonly id: string;
  readonly status: 'accepted' | 'duplicate' | 'dead-lettered';
  readonly reason?: string;
}

/** Sends a dead letter's bytes, or corrected ones, through the edge again, as if the application had. */
export type Redrive = (tenant: TenantId, deadLetter: DeadLetterRow, body: string) => Promise<RedriveOutcome>;

export const REDRIVE = Symbol('Redrive');
