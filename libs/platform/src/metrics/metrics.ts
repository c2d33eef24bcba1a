import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds: from a memory access to a request that nobody waits for any more. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Entries of a batch: from one event to the largest batch there is. */
const ENTRIES = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

/**
 * What a process measures of itself, in Prometheus' terms (docs/metrics.md is the table for operators). No label holds
 * anything that a user or a sender chose: neither tenants nor ids, whose number has no bound.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly contentType = this.#registry.contentType;

  readonly logEntries = new Counter({
    name: 'heed_log_entries_total',
    help: 'Events by what the log said to them: appended, duplicate, conflict.',
    labelNames: ['outcome'] as const,
    registers: [this.#registry],
  });
  readonly redactions = new Counter({
    name: 'heed_redactions_total',
    help: 'What was taken out of events before they entered the log, by the rule.',
    labelNames: ['rule'] as const,
    registers: [this.#registry],
  });
  readonly deadLetters = new Counter({
    name: 'heed_dead_letters_total',
    help: 'Dead letters filed in the warehouse, by the reason.',
    labelNames: ['reason'] as const,
    registers: [this.#registry],
  });
  readonly appendSeconds = this.#histogram(
    'heed_append_seconds',
    'Until an append to the log was durable.',
    SECONDS,
  );
  readonly appendEntries = this.#histogram('heed_append_entries', 'Events made durable together.', ENTRIES);
  readonly appendFailures = new Counter({
    name: 'heed_append_failures_total',
    help: 'Appends that the log refused or failed; their events were not acknowledged.',
    registers: [this.#registry],
  });
  readonly batchSeconds = this.#histogram(
    'heed_projection_batch_seconds',
    'Until a batch of the log was in the warehouse.',
    SECONDS,
  );
  readonly batchEntries = this.#histogram(
    'heed_projection_batch_entries',
    'Log entries projected together.',
    ENTRIES,
  );
  readonly storedEvents = new Counter({
    name: 'heed_stored_events_total',
    help: 'Events filed in the warehouse; one that is projected again counts again.',
    registers: [this.#registry],
  });
  readonly derivedSessions = new Counter({
    name: 'heed_derived_sessions_total',
    help: 'Sessions derived and written.',
    registers: [this.#registry],
  });
  readonly sessionsLeftToRules = new Counter({
    name: 'heed_sessions_left_to_rules_total',
    help: 'Sessions whose outcomes the rules decided because the live model of failed turns could not be run.',
    registers: [this.#registry],
  });
  readonly traceSpans = new Counter({
    name: 'heed_trace_spans_total',
    help: 'Spans taken in as OTLP traces by what became of them: turn, stage, other, rejected.',
    labelNames: ['outcome'] as const,
    registers: [this.#registry],
  });
  readonly requestSeconds = new Histogram({
    name: 'heed_http_request_seconds',
    help: 'Until a request was answered, by route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** A figure that is asked for when somebody looks; undefined where it is not known, which leaves it without a sample. */
  gauge(name: string, help: string, read: () => Promise<number | undefined>): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      async collect() {
        const value = await read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  /** Everything, in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.#registry] });
  }
}
