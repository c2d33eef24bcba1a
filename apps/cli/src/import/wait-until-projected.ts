import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { statusReport } from '@heed/contract';
import { Fault } from '@heed/kernel';
import type { HeedClient } from '../connect/heed-client.ts';

/** Asked soon after a small import, seldom during a long one: each answer counts rows. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
const STALLED_AFTER_MS = 120_000;

/**
 * Waits until the warehouse shows everything that is in the log. Throws a Fault when nothing moves for two minutes: the
 * events are safe then, only not to be seen yet.
 */
export async function waitUntilProjected(client: HeedClient, onLag: (lag: number) => void): Promise<void> {
  let least = Infinity;
  let movedAtMs = performance.now();
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const { tenants } = await client.get('/v1/status', statusReport);
    const lag = Math.max(0, ...tenants.map((tenant) => tenant.lag));
    if (lag === 0) return;
    if (lag < least) [least, movedAtMs] = [lag, performance.now()];
    else if (performance.now() - movedAtMs > STALLED_AFTER_MS) throw stalled(lag);
    onLag(lag);
    await sleep(pauseMs);
    pauseMs = Math.min(1.5 * pauseMs, LONGEST_PAUSE_MS);
  }
}

function stalled(lag: number): Fault {
  return new Fault(
    'projector-stalled',
    `everything is in the log, but the warehouse stands ${lag} entries behind and does not move`,
    'Run `heed doctor`; nothing is lost, and no import has to be repeated.',
  );
}
