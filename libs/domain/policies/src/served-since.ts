import type { Fix } from './fix.ts';

/**
 * Since when a fix is served as it is now: when it last went live or into canary, milliseconds since 1970; undefined when it
 * is not served. That its evidence became stale changes nothing of it. What it did before is not what it is judged by: a person who brought it back knew of that.
 */
export function servedSinceMs({ status, history }: Fix): number | undefined {
  if (status !== 'live' && status !== 'canary') return undefined;
  return history.findLast(
    (step) => step.stale !== true && (step.status === 'live' || step.status === 'canary'),
  )?.atMs;
}
