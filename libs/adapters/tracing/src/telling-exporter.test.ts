import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { tellingExporter } from './telling-exporter.ts';

const SPANS: ReadableSpan[] = [];
SPANS.length = 3;

describe('an exporter that tells', () => {
  it('says at once that spans were lost, and once a minute how many more were', async () => {
    const told: [number, unknown][] = [];
    const stopped = new InMemorySpanExporter();
    await stopped.shutdown();
    let nowMs = 5;
    const exporter = tellingExporter(
      stopped,
      (spans, fault) => told.push([spans, fault]),
      () => nowMs,
    );
    const send = (): Promise<unknown> => new Promise((resolve) => exporter.export(SPANS, resolve));
    await send();
    expect(told).toEqual([[3, new Error('Exporter has been stopped')]]);
    nowMs += 59_999;
    await send();
    expect(told).toHaveLength(1);
    nowMs += 1;
    expect(await send()).toMatchObject({ code: 1 });
    expect(told.at(-1)).toEqual([6, new Error('Exporter has been stopped')]);
  });

  it('says nothing of what arrives', async () => {
    const told: unknown[] = [];
    const arriving = new InMemorySpanExporter();
    const exporter = tellingExporter(arriving, (...lost) => told.push(lost));
    const sent = await new Promise((resolve) => exporter.export(SPANS, resolve));
    expect(sent).toMatchObject({ code: 0 });
    expect(arriving.getFinishedSpans()).toHaveLength(3);
    expect(told).toEqual([]);
  });
});
