import type { AppendOutcome, EventLog, LogLag } from '@heed/events';
import type { Clock } from '../clock.ts';
import { lagInTime } from '../lag-in-time.ts';
import { PROJECTOR_GROUP } from '../ports.ts';
import type { Metrics } from './metrics.ts';

/**
 * The same log, with every append, every batch read and the projector's lag measured.
 *
 * @param answerMs after so many milliseconds without an answer from the log its lag has no sample
 */
export function measuredLog(log: EventLog, metrics: Metrics, clock: Clock, answerMs?: number): EventLog {
  let readUpToMs = clock.nowMs();
  // Both gauges are read for one answer, which needs one look; and while the log does not answer it is not asked again.
  let looking: Promise<LogLag> | undefined;
  const look = (group: string): Promise<LogLag> =>
    (looking ??= log.lag(group).finally(() => (looking = undefined)));
  const lag = (): Promise<number | undefined> =>
    lagInTime({ lag: look }, PROJECTOR_GROUP, answerMs).then(
      ({ entries }) => entries,
      () => undefined,
    );
  metrics.gauge('heed_projector_lag_entries', 'Log entries that the warehouse does not have yet.', lag);
  metrics.gauge(
    'heed_projector_lag_seconds',
    'Age of the newest entry that the warehouse has, while it does not have all; since the start where it has read none.',
    async () => {
      const entries = await lag();
      if (entries === undefined || entries === 0) return entries;
      return Math.max(0, (clock.nowMs() - readUpToMs) / 1000);
    },
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
