import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { lagReport } from '@heed/contract';
import type { HeedClient } from '../connect/heed-client.ts';

/** Asked soon after a small import, seldom during a long one. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
const STALLED_AFTER_MS = 120_000;

/** `stalled`: nothing moved for two minutes. Everything is safe in the log then, only not to be seen yet. */
export type Projection = 'shown' | 'stalled';

/**
 * Waits until the warehouse shows everything that is in the log now; what others send meanwhile is not waited for. `onLag`
 * hears how far it has to go.
 */
export async function waitUntilProjected(
  client: HeedClient,
  onLag: (lag: number) => void,
  stalledAfterMs = STALLED_AFTER_MS,
): Promise<Projection> {
  const wait = `import-${randomUUID()}`;
  const lag = async () => (await client.get(`/v1/lag?wait=${wait}`, lagReport)).ahead ?? 0;
  let ahead = await lag();
  let movedAtMs = performance.now();
  for (let pauseMs = FIRST_PAUSE_MS; ahead > 0;) {
    onLag(ahead);
    await sleep(pauseMs);
    pauseMs = Math.min(1.5 * pauseMs, LONGEST_PAUSE_MS);
    const next = await lag();
    // A replay goes back to the beginning: that is movement, too.
    if (next !== ahead) movedAtMs = performance.now();
    else if (performance.now() - movedAtMs > stalledAfterMs) return 'stalled';
    ahead = next;
  }
  return 'shown';
}
