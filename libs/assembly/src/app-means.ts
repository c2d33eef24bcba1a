import type { KeyRing, Log, Metrics } from '@heed/platform';
import type { Tracing } from '@heed/telemetry';

/** What every app has beside its stores. */
export interface AppMeans {
  readonly ring: KeyRing;
  readonly metrics: Metrics;
  readonly log: Log;
  /** See `openTracing`; the HTTP host closes it. */
  readonly tracing: Tracing;
  /** Aborted, with a Fault `shutting-down`, when the process is told to end: whoever waits for others gives up. */
  readonly stopping: AbortSignal;
}
