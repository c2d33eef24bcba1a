import type { EventLog } from '@heed/events';
import { NO_TRACING, traced, type Tracing } from '@heed/telemetry';

/** The same log, with a span for every batch that is read from it and worked on. */
export function tracedLog(log: EventLog, tracing: Tracing): EventLog {
  if (tracing === NO_TRACING) return log;
  return {
    ...log,
    consume: (group, options, handle) =>
      log.consume(group, options, (batch) =>
        traced(tracing, `project ${group}`, { facts: { 'heed.entries': batch.length } }, () => handle(batch)),
      ),
  };
}
