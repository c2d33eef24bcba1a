import type { AppendOutcome, EventLog } from '@heed/events';
import type { Clock } from '../clock.ts';
import { PROJECTOR_GROUP } from '../ports.ts';
import type { Metrics } from './metrics.ts';

/** The same log, with every append, every batch read and the projector's lag measured. */
export function measuredLog(log: EventLog, metrics: Metrics, clock: Clock): EventLog {
  let readUpToMs = clock.nowMs();
  const lag = async (): Promise<number> => (await log.lag(PROJECTOR_GROUP)).entries;
  metrics.gauge('heed_projector_lag_entries', 'Log entries that the warehouse does not have yet.', lag);
  metrics.gauge(
    'heed_projector_lag_seconds',
    'Age of the newest entry that the warehouse has, while it does not have all; since the start where it has read none.',
    async () => ((await lag()) === 0 ? 0 : Math.max(0, (clock.nowMs() - readUpToMs) / 1000)),
  );
  return {
    ...log,
    append: async (batch) => {
      const done = metrics.appendSeconds.startTimer();
      try {
        const outcomes = await log.append(batch);
        done();
        countAppended(metrics, outcomes);
        return outcomes;
      } catch (fault) {
        metrics.appendFailures.inc();
        throw fault;
      }
    },
    consume: (group, options, handle) =>
      log.consume(group, options, async (batch) => {
        const done = metrics.batchSeconds.startTimer();
        await handle(batch);
        done();
        metrics.batchEntries.observe(batch.length);
        readUpToMs = batch.at(-1)?.receivedAtMs ?? readUpToMs;
      }),
  };
}

function countAppended({ appendEntries, logEntries }: Metrics, outcomes: readonly AppendOutcome[]): void {
  appendEntries.observe(outcomes.length);
  const counts = new Map<AppendOutcome, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  for (const [outcome, count] of counts) logEntries.inc({ outcome }, count);
}
