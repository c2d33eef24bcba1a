import type { SpanExporter } from '@opentelemetry/sdk-trace';

const TELL_EVERY_MS = 60_000;

/** The same exporter, which tells of what was lost: at once, and then once a minute at most. */
export function tellingExporter(
  exporter: SpanExporter,
  onLost: (spans: number, fault: unknown) => void,
  nowMs: () => number = () => performance.now(),
): SpanExporter {
  let lost = 0;
  let toldAtMs = -Infinity;
  return {
    export: (spans, done) => {
      exporter.export(spans, (result) => {
        if (result.error !== undefined) {
          lost += spans.length;
          if (nowMs() - toldAtMs >= TELL_EVERY_MS) {
            toldAtMs = nowMs();
            onLost(lost, result.error);
            lost = 0;
          }
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
}
