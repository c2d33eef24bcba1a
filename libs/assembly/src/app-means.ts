import type { KeyRing, Log, Metrics } from '@heed/platform';
import type { Tracing } from '@heed/telemetry';

/** What every app has beside its stores. */
export interface AppMeans {
  readonly ring: KeyRing;
  readonly metrics: Metrics;
  readonly log: Log;
  /** See `openTracing`; the HTTP host closes it. */
  readonly tracing: Tracing;
}
