import { doctorReport } from '@heed/contract';
import type { Span } from '@heed/telemetry';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { caughtUp, postEvents } from './post-events.ts';
import { startService } from './run-heed.ts';
import { startSpanReceiver, type SpanReceiver } from './span-receiver.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const SECRET = 'what a user said';

const turn = (id: string) => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'heed.turn.v1',
  subject: 'session-of-somebody',
  time: '2026-03-01T09:00:00Z',
  data: { turn: id, user: 'user-name', request: { text: SECRET } },
});

const folders: string[] = [];
const receivers: SpanReceiver[] = [];

afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function receiver(options = {}): Promise<SpanReceiver> {
  const started = await startSpanReceiver(options);
  receivers.push(started);
  return started;
}

async function startTraced(endpoint: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-tracing-'));
  folders.push(dataDir);
  return startService(dataDir, ['--no-demo'], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
}

describe('Heed, traced', () => {
  it('tells of an event from its request to the warehouse, of mining and of a replay, and of nothing that anybody wrote', async () => {
    const received = await receiver();
    const service = await startTraced(received.url);
    await fetch(`${service.url}/v1/events?key-of-sorts=${encodeURIComponent(SECRET)}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents+json',
        traceparent: `00-${TRACE}-${CALLER}-01`,
      },
      body: JSON.stringify(turn('t-1')),
    });
    await caughtUp(service.url);
    for (const path of ['/v1/mine', '/v1/replay'])
      await (await fetch(service.url + path, { method: 'POST' })).text();
    await fetch(`${service.url}/${encodeURIComponent(SECRET)}`);
    await fetch(`${service.url}/v1/events`, { method: 'PUT' });
    await postEvents(service.url, [turn('t-2')]);
    await caughtUp(service.url);
    await service.stop();

    const named = (name: string): Span =>
      received.spans.find((span) => span.name === name) ?? expect.fail(`no span ${name}`);
    const under = (parent: Span): readonly Span[] =>
      received.spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId);

    const request = named('POST /v1/events');
    expect(request).toMatchObject({
      traceId: TRACE,
      parentSpanId: CALLER,
      service: 'heed-standalone',
      failed: false,
    });
    expect(Object.fromEntries(request.attributes)).toEqual({
      'http.request.method': 'POST',
      'http.route': '/v1/events',
      'http.response.status_code': 202,
    });
    expect(under(request).map(({ name, attributes }) => [name, attributes.get('heed.entries')])).toEqual([
      ['append', 1],
    ]);

    const projected = named('project projector');
    expect(projected.traceId).not.toBe(TRACE);
    expect(projected.attributes.get('heed.entries')).toBe(1);
    expect(under(projected).map(({ name }) => name)).toContain('INSERT sessions');
    expect(
      Object.fromEntries(under(projected).find(({ name }) => name === 'INSERT sessions')?.attributes ?? []),
    ).toEqual({
      'db.system.name': 'clickhouse',
      'db.namespace': 'heed',
      'db.operation.name': 'INSERT',
      'db.collection.name': 'sessions',
    });

    // Also those that were read after the replay had kept the projector still.
    const batches = received.spans.filter(({ name }) => name === 'project projector');
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.map(({ parentSpanId }) => parentSpanId)).toEqual(
      batches.map(() => projected.parentSpanId),
    );
    expect(batches.map(({ traceId }) => traceId)).not.toContain(named('POST /v1/replay').traceId);

    expect(named('mine')).toMatchObject({ parentSpanId: named('POST /v1/mine').spanId });
    expect(named('replay')).toMatchObject({ parentSpanId: named('POST /v1/replay').spanId });
    expect(named('GET').attributes.get('http.response.status_code')).toBe(404);
    expect(named('PUT').attributes.get('http.response.status_code')).toBe(405);

    const told = JSON.stringify(
      received.spans.map((span) => ({ ...span, attributes: [...span.attributes] })),
    );
    for (const word of [SECRET, encodeURIComponent(SECRET), 'session-of-somebody', 'user-name', 't-1']) {
      expect(told).not.toContain(word);
    }
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:9'],
    ['whoever listens never answers', 'silent'],
  ])('takes events and stops as ever when %s', async (_, where) => {
    const endpoint = where === 'silent' ? (await receiver({ silent: true })).url : where;
    const service = await startTraced(endpoint);
    for (let n = 0; n < 20; n++) {
      const { results } = await postEvents(service.url, [turn(`t-${n}`)]);
      expect(results).toMatchObject([{ status: 'accepted' }]);
    }
    await caughtUp(service.url);
    const { stored, balanced } = doctorReport.parse(await (await fetch(`${service.url}/v1/doctor`)).json());
    expect({ stored, balanced }).toEqual({ stored: 20, balanced: true });
    await service.stop();
    expect(service.printed()).toContain('Heed has stopped; everything accepted is on disk.');
  });
});
