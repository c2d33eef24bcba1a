import type { Accounting } from '@heed/contract';
import type { Difference } from './count-exactly.ts';
import type { PlannedLoad } from './planned-load.ts';
import type { Sent } from './send-load.ts';
import type { Strikes } from './strikes.ts';

/** What a Heed that has read the whole load must say of it. */
export function expectedAccount({ counted }: PlannedLoad): Partial<Accounting> {
  const stored = counted.filter(({ fate }) => fate === 'stored').length;
  return {
    accepted: counted.length,
    stored,
    waiting: counted.filter(({ orphan }) => orphan).length,
    deadLettered: counted.length - stored,
    lag: 0,
    balanced: true,
  };
}

/** The accounting identity, and what was done to it, in one line for people. */
export function accountLine(
  seed: number,
  { accepted, stored, deadLettered }: Accounting,
  { requests, unknown, refused }: Sent,
  strikes: Strikes,
): string {
  const again = Object.entries(refused).map(([code, times]) => `${times} refused ${code}`);
  return [
    `seed ${seed}: accepted ${accepted} = stored ${stored} + dead-lettered ${deadLettered}`,
    `${requests} requests, ${[`${unknown} without an answer`, ...again].join(', ')}`,
    strikes.plan.join(', '),
  ].join('; ');
}

export function differenceLine({ lost, doubled, strange }: Difference): string {
  return `lost ${lost.length}, doubled ${doubled.length}, never sent ${strange.length}`;
}
