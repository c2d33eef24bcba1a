import type { Intake } from '@heed/collector';
import type { Redrive } from '@heed/operations';

/** A redriven event takes the same way in as every other. */
export function redriveThrough(intake: Intake): Redrive {
  return (tenant, letter, body) => intake.redrive(tenant, letter, body);
}
