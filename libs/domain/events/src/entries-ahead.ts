import type { LogLag } from './event-log.ts';

/**
 * Of what was in the log when `goal` was read: how much a group had left by `now`, in every partition. 0 means that all of it was read,
 * whatever came in meanwhile.
 */
export function entriesAhead(goal: Pick<LogLag, 'partitions'>, now: LogLag): number {
  const ahead = goal.partitions.reduce((sum, { head }, partition) => {
    const committed = now.partitions[partition]?.committed ?? 0;
    return sum + Math.max(0, head - committed);
  }, 0);
  // Where a tenant was removed the log has fewer entries than it counted.
  return Math.min(ahead, now.entries);
}
