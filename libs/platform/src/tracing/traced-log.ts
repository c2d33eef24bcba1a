import type { EventLog } from '@heed/events';
import { NO_TRACING, traced, type Tracing } from '@heed/telemetry';

/**
 * The same log, with a span for every batch that is read from it and worked on. Each is a trace of its own: what reads on may have been set going, after
 * a pause, by some request that has nothing to do with the batch.
 */
export function tracedLog(log: EventLog, tracing: Tracing): EventLog {
  if (tracing === NO_TRACING) return log;
  return {
    ...log,
    consume: (group, options, handle) =>
      log.consume(group, options, (batch) =>
        traced(tracing, `project ${group}`, { parent: null, facts: { 'heed.entries': batch.length } }, () =>
          handle(batch),
        ),
      ),
  };
}
