import { performance } from 'node:perf_hooks';

/** A thread that works more than this share of the time has somebody waiting for it. */
const BUSY = 0.4;

/** Asks whether the main thread, which answers requests, was busy since the last time it was asked. */
export function busyEventLoop(): () => boolean {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization > BUSY;
  };
}
