import type { Accounting } from '@heed/contract';
import type { Difference } from './count-exactly.ts';
import { expectedFacts } from './expected-facts.ts';
import type { PlannedLoad } from './planned-load.ts';
import type { Sent } from './send-load.ts';
import type { Strikes } from './strikes.ts';

/** What a Heed that has read the whole load must say of it. */
export function expectedAccount(load: PlannedLoad, forgotten?: ReadonlySet<string>): Partial<Accounting> {
  const stored = load.counted.filter(({ fate }) => fate === 'stored').length;
  return {
    accepted: load.counted.length,
    stored,
    waiting: expectedFacts(load, forgotten).filter((fact) => fact.startsWith('orphan ')).length,
    deadLettered: load.counted.length - stored,
    expired: 0,
    lag: 0,
    balanced: true,
  };
}

/** The accounting identity, and what was done to it, in one line for people. */
export function accountLine(
  seed: number,
  { accepted, stored, deadLettered, expired }: Accounting,
  { requests, unknown, refused }: Sent,
  strikes: Strikes,
): string {
  const again = Object.entries(refused).map(([code, times]) => `${times} refused ${code}`);
  return [
    `seed ${seed}: accepted ${accepted} = stored ${stored} + dead-lettered ${deadLettered}${expired > 0 ? ` + expired ${expired}` : ''}`,
    `${requests} requests, ${[`${unknown} without an answer`, ...again].join(', ')}`,
    strikes.plan.join(', '),
  ].join('; ');
}

export function differenceLine({ lost, doubled, strange }: Difference): string {
  return `lost ${lost.length}, doubled ${doubled.length}, never sent ${strange.length}`;
}
