import { ROOT_CONTEXT, SpanStatusCode, trace, type Attributes, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import { openChdbWarehouse } from '@heed/warehouse-chdb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { caughtUp } from './post-events.ts';
import { heedJson, startService, type Service } from './run-heed.ts';

const doctor = z.object({
  accepted: z.number(),
  stored: z.number(),
  deadLettered: z.number(),
  balanced: z.boolean(),
});
const storedTurn = z.object({
  session: z.string(),
  turn: z.string(),
  user: z.string(),
  request: z.string(),
  response: z.string(),
  model: z.string(),
  surface: z.string(),
});
const storedSignal = z.object({ session: z.string(), kind: z.string(), value: z.coerce.number() });
const storedBody = z.object({ body: z.string() });
const response = z.object({
  subject: z.string(),
  data: z.object({ stages: z.array(z.object({ name: z.string(), output: z.string().optional() })) }),
});

/** One export, and what the receiver said of it. */
interface Export {
  readonly provider: TracerProvider;
  /** Sends what has ended so far, as the SDK does on its own every 5 seconds. */
  flush(): Promise<void>;
}

function tracing(exporter: SpanExporter): Export {
  const provider = new TracerProvider({
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 3_600_000 })],
  });
  return { provider, flush: () => provider.forceFlush() };
}

const text = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });
const messages = (...list: readonly object[]): string => JSON.stringify(list);

/** A chat application that somebody else has instrumented. */
class TracedApp {
  readonly #tracing: Export;

  constructor(exporter: SpanExporter) {
    this.#tracing = tracing(exporter);
  }

  span(name: string, attributes: Attributes, inside: (within: Context) => void, from = ROOT_CONTEXT): string {
    const tracer = this.#tracing.provider.getTracer('a-chat-application');
    const span = tracer.startSpan(name, { attributes }, from);
    inside(trace.setSpan(from, span));
    if (attributes['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    return span.spanContext().traceId;
  }

  flush(): Promise<void> {
    return this.#tracing.flush();
  }

  async shutdown(): Promise<void> {
    await this.#tracing.provider.shutdown();
  }
}

/** Two turns of one conversation, as an HTTP server handles them; the second calls a tool. Answers with their trace ids. */
async function converse(app: TracedApp, conversation: string): Promise<readonly string[]> {
  const ids = { 'gen_ai.conversation.id': conversation, 'user.id': 'ada', 'gen_ai.provider.name': 'openai' };
  const model = { 'gen_ai.request.model': 'gpt-4', 'gen_ai.response.model': 'gpt-4-0613' };
  const history = [text('user', 'hello'), text('assistant', 'Hi! What can I do?')];
  const first = app.span('POST /chat', { 'http.request.method': 'POST' }, (server) => {
    const chat = {
      ...ids,
      ...model,
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': messages(text('user', 'hello')),
      'gen_ai.output.messages': messages(text('assistant', 'Hi! What can I do?')),
    };
    app.span('chat gpt-4', chat, () => undefined, server);
  });
  await app.flush();

  const asked = text('user', 'weather in Paris?');
  const call = { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Paris' } };
  const agent = {
    ...ids,
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.input.messages': messages(asked),
    'gen_ai.output.messages': messages(text('assistant', 'It rains in Paris.')),
  };
  const think = {
    ...ids,
    ...model,
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': messages(...history, text('user', 'You are a bot. Answer: weather in Paris?')),
    'gen_ai.output.messages': messages({ role: 'assistant', parts: [call] }),
  };
  const tool = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'weather',
    'gen_ai.tool.call.result': 'rainy',
  };
  const second = app.span('POST /chat', { 'http.request.method': 'POST' }, (server) => {
    app.span(
      'invoke_agent helper',
      agent,
      (within) => {
        app.span('chat gpt-4', think, () => undefined, within);
        app.span('execute_tool weather', tool, () => undefined, within);
      },
      server,
    );
  });
  await app.flush();
  return [first, second];
}

describe('traces of the OpenTelemetry SDK', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-traces-'));
  const at = ['--data', dataDir];
  const traces = new Map<string, readonly string[]>();
  let service: Service;

  const post = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
    fetch(`${service.url}/v1/traces`, { method: 'POST', headers: { 'content-type': type }, body });

  beforeAll(async () => {
    service = await startService(dataDir);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('are taken from both exporters: a turn and a response for every request', async () => {
    const url = `${service.url}/v1/traces`;
    for (const [name, exporter] of [
      ['protobuf', new ProtobufExporter({ url })],
      ['json', new JsonExporter({ url })],
    ] as const) {
      const app = new TracedApp(exporter);
      traces.set(name, await converse(app, `conv-${name}`));
      await app.shutdown();
    }
    await caughtUp(service.url);
    expect(await heedJson(doctor, ['doctor', ...at])).toEqual(
      expect.objectContaining({ accepted: 8, stored: 8, deadLettered: 0, balanced: true }),
    );
  });

  it('are one turn also when the inner spans come long before the outer one', async () => {
    const app = new TracedApp(new ProtobufExporter({ url: `${service.url}/v1/traces` }));
    const provider = { 'gen_ai.conversation.id': 'conv-apart', 'gen_ai.operation.name': 'chat' };
    const flushes: Promise<void>[] = [];
    const outer = {
      ...provider,
      'gen_ai.operation.name': 'invoke_agent',
      'error.type': 'timeout',
      'gen_ai.input.messages': messages(text('user', 'book a trip')),
      'gen_ai.output.messages': messages(text('assistant', 'Booked.')),
    };
    const inner = {
      ...provider,
      'gen_ai.input.messages': messages(text('user', 'find a flight')),
      'gen_ai.output.messages': messages(text('assistant', 'Found one.')),
    };
    const traceId = app.span('invoke_agent', outer, (within) => {
      app.span('chat', inner, () => undefined, within);
      flushes.push(app.flush());
    });
    await Promise.all(flushes);
    await app.shutdown();
    traces.set('apart', [traceId]);
    await caughtUp(service.url);
    expect(await heedJson(doctor, ['doctor', ...at])).toMatchObject({ accepted: 13, stored: 13 });
  });

  it('say what was not taken of them, and why, and are harmless when they come again', async () => {
    const span = {
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      name: 'chat',
      startTimeUnixNano: '1772355600000000000',
      endTimeUnixNano: '1772355601500000000',
    };
    const operation = { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } };
    const said = (content: string) => ({
      key: 'gen_ai.input.messages',
      value: { stringValue: messages(text('user', content)) },
    });
    const spans = [
      { ...span, attributes: [operation, said('play jazz')] },
      { ...span, traceId: '0af7651916cd43dd8448eb211c80319c', attributes: [operation] },
      {
        ...span,
        traceId: '1af7651916cd43dd8448eb211c80319c',
        attributes: [operation, said('x'.repeat(70_000))],
      },
      { ...span, traceId: 'nonsense' },
      { ...span, spanId: '00f067aa0ba902b8' },
    ];
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    const answer = z.object({
      partialSuccess: z.object({ rejectedSpans: z.literal('3'), errorMessage: z.string() }),
    });
    for (let time = 0; time < 2; time++) {
      const answered = await post(body, 'application/json; charset=utf-8');
      expect([answered.status, answered.headers.get('content-type')]).toEqual([200, 'application/json']);
      const { partialSuccess } = answer.parse(await answered.json());
      expect(partialSuccess.errorMessage).toContain('1 span without content');
      expect(partialSuccess.errorMessage).toContain('1 span without a valid trace id');
      expect(partialSuccess.errorMessage).toContain('1 span kept as dead letters');
    }
    await caughtUp(service.url);
    expect(await heedJson(doctor, ['doctor', ...at])).toMatchObject({
      accepted: 15,
      stored: 14,
      deadLettered: 1,
      balanced: true,
    });
  });

  it('that are none are answered with a Status in the encoding of the request', async () => {
    const status = z.object({ code: z.number(), message: z.string() });
    const broken = await post('{"resourceSpans":', 'application/json');
    expect([broken.status, broken.headers.get('content-type')]).toEqual([400, 'application/json']);
    expect(status.parse(await broken.json())).toMatchObject({ code: 3 });
    const bytes = await post(Uint8Array.of(0x0a, 0xff), 'application/x-protobuf');
    expect([bytes.status, bytes.headers.get('content-type')]).toEqual([400, 'application/x-protobuf']);
    expect(Buffer.from(await bytes.arrayBuffer()).toString()).toContain('undecodable-body');
    const other = await post('<spans/>', 'application/xml');
    expect(other.status).toBe(415);
    const nothing = await post(new Uint8Array(), 'application/x-protobuf');
    expect([nothing.status, (await nothing.arrayBuffer()).byteLength]).toEqual([200, 0]);
  });

  it('end in the warehouse as the turns of their conversations', async () => {
    await service.stop();
    const warehouse = await openChdbWarehouse(dataDir);
    const turns = await warehouse.query(
      storedTurn,
      'SELECT session, turn, user, request, response, response_model AS model, surface FROM turns ORDER BY session, at',
    );
    const signals = await warehouse.query(storedSignal, 'SELECT session, kind, value FROM signals');
    const bodies = await warehouse.query(storedBody, 'SELECT body FROM filed_events ORDER BY body');
    await warehouse.close();
    const surface = expect.any(String) as unknown;
    const conversation = (name: string) => [
      {
        session: `conv-${name}`,
        turn: traces.get(name)?.[0],
        user: 'ada',
        request: 'hello',
        response: 'Hi! What can I do?',
        model: 'gpt-4-0613',
        surface,
      },
      {
        session: `conv-${name}`,
        turn: traces.get(name)?.[1],
        user: 'ada',
        request: 'weather in Paris?',
        response: 'It rains in Paris.',
        model: '',
        surface,
      },
    ];
    expect(turns.filter(({ session }) => session.startsWith('conv-'))).toEqual([
      expect.objectContaining({
        session: 'conv-apart',
        turn: traces.get('apart')?.[0],
        request: 'book a trip',
        response: 'Booked.',
      }),
      ...conversation('json'),
      ...conversation('protobuf'),
    ]);
    expect(signals).toEqual([{ session: 'conv-apart', kind: 'check.completed', value: 0 }]);
    const withStages = bodies.flatMap(({ body }) => response.safeParse(JSON.parse(body)).data ?? []);
    // The SDK may begin two spans in one millisecond, so their order says nothing here.
    const outputs = withStages.map(({ subject, data }) => [
      subject,
      Object.fromEntries(data.stages.map(({ name, output }) => [name, output])),
    ]);
    expect(Object.fromEntries(outputs)).toEqual({
      'conv-json': { generate: undefined, tool: 'rainy' },
      'conv-protobuf': { generate: undefined, tool: 'rainy' },
    });
    service = await startService(dataDir);
  });
});
