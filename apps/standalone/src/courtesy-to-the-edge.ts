import type { Courtesy } from '@heed/projector';
import { performance } from 'node:perf_hooks';

/** At a larger share of the time at work, requests begin to wait for each other. */
const BUSY = 0.4;

/** How the projector lives with the edge in one process (docs/decisions/0009). */
export function courtesyToTheEdge(): Courtesy {
  return {
    lookEveryMs: 200,
    atMostMs: 10_000,
    hurryFrom: { entries: 16_000, chars: 8_000_000 },
    isBusy: busyEventLoop(),
    nowMs: () => performance.now(),
  };
}

/** Asks whether the main thread, where requests are answered (and some of the mining is done), was busy since it was last asked. */
function busyEventLoop(): () => boolean {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization > BUSY;
  };
}
