import { DEFAULT_EVENT_LIMITS, logEntryOf } from '@heed/events';
import { tenantId } from '@heed/kernel';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AttributeValue, Span } from './span.ts';
import { BEGAN, chat, said, span, TRACE } from './spans.fixture.ts';
import { turnsInTraces, type TurnsInTraces } from './turns-in-traces.ts';

const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
const read = (...spans: Span[]): TurnsInTraces => turnsInTraces(spans, sha256);
const dataOf = (found: TurnsInTraces): readonly unknown[] =>
  found.turns.flatMap(({ events }) => events.map(({ type, data }) => ({ type, ...data })));

describe('the turns in traces', () => {
  it('makes one chat a turn when it began and a response when it ended', () => {
    const asked = chat('play jazz', 'Playing.', {
      endMs: BEGAN + 1500.4,
      attributes: {
        'gen_ai.conversation.id': 'conv-1',
        'gen_ai.provider.name': 'openai',
        'gen_ai.response.model': 'gpt-4-0613',
        'gen_ai.request.model': 'gpt-4',
        'enduser.id': 'ada',
      },
    });
    expect(read(asked).turns.flatMap(({ events }) => events)).toEqual([
      {
        specversion: '1.0',
        id: expect.stringMatching(
          /^otlp-4bf92f3577b34da6a3ce929d0e0e4736-0-00000000000000a1-[0-9a-f]{16}$/,
        ) as unknown,
        source: 'shop',
        type: 'heed.turn.v1',
        subject: 'conv-1',
        time: '2026-03-01T09:00:00.000Z',
        datacontenttype: 'application/json',
        data: {
          turn: TRACE,
          user: 'ada',
          request: { text: 'play jazz' },
          surface: 'shop',
          attributes: { 'gen_ai.provider.name': 'openai' },
        },
      },
      {
        specversion: '1.0',
        id: expect.stringMatching(
          /^otlp-4bf92f3577b34da6a3ce929d0e0e4736-9-00000000000000a1-[0-9a-f]{16}$/,
        ) as unknown,
        source: 'shop',
        type: 'heed.response.v1',
        subject: 'conv-1',
        time: '2026-03-01T09:00:01.500Z',
        datacontenttype: 'application/json',
        data: { turn: TRACE, response: { text: 'Playing.', model: 'gpt-4-0613' }, latencyMs: 1500 },
      },
    ]);
  });

  it('takes what the user said last for the request, and tools that were called since for stages', () => {
    const history = [
      said('user', 'hello'),
      said('assistant', 'hi'),
      said('user', 'weather in Paris?'),
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', name: 'weather', arguments: 'Paris' }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', response: 'rainy' }] },
    ];
    const asked = chat('', 'It rains.', { attributes: { 'gen_ai.input.messages': history } });
    expect(dataOf(read(asked))).toEqual([
      expect.objectContaining({ request: { text: 'weather in Paris?' } }),
      expect.objectContaining({
        response: { text: 'It rains.' },
        stages: [{ name: 'tool', input: { tool: 'weather', arguments: 'Paris' }, output: 'rainy' }],
      }),
    ]);
  });

  it('makes the outermost span with words the turn and the GenAI spans below it stages, whatever stands between', () => {
    const server = span({ spanId: '000000000000000a', endMs: BEGAN + 9000 });
    const agent = chat('book a trip', 'Booked.', {
      spanId: '000000000000000b',
      parentSpanId: server.spanId,
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'travel',
        'gen_ai.conversation.id': 'conv-1',
      },
    });
    const plain = span({ spanId: '000000000000000c', parentSpanId: agent.spanId });
    const inner = chat('find a flight to Rome', 'Found.', {
      spanId: '000000000000000d',
      parentSpanId: plain.spanId,
      startMs: BEGAN + 10,
      attributes: { 'gen_ai.request.model': 'gpt-4' },
    });
    const tool = span({
      spanId: '000000000000000e',
      parentSpanId: inner.spanId,
      startMs: BEGAN + 20,
      failed: true,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'flights',
        'gen_ai.tool.call.arguments': '{"to":"Rome"}',
      },
    });
    const found = read(tool, inner, plain, agent, server);
    expect(found.otherSpans).toBe(2);
    expect(dataOf(found)).toEqual([
      expect.objectContaining({ turn: TRACE, request: { text: 'book a trip' } }),
      expect.objectContaining({
        response: { text: 'Booked.' },
        stages: [
          expect.objectContaining({ name: 'generate', input: { model: 'gpt-4' }, status: 'ok' }),
          {
            name: 'tool',
            input: { tool: 'flights', arguments: '{"to":"Rome"}' },
            status: 'error',
            startedAt: '2026-03-01T09:00:00.020Z',
            endedAt: '2026-03-01T09:00:01.000Z',
          },
        ],
      }),
    ]);
  });

  it('takes the last answer below for an agent that records only what it was asked', () => {
    const agent = span({
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.input.messages': [said('user', 'book a trip')],
      },
    });
    const step = (spanId: string, endMs: number, text: string) =>
      chat('sub-task', text, { spanId, endMs, parentSpanId: agent.spanId });
    const found = read(
      step('00000000000000b2', BEGAN + 800, 'All done.'),
      step('00000000000000b1', BEGAN + 400, 'Step 1.'),
      agent,
    );
    expect(dataOf(found)[1]).toMatchObject({ response: { text: 'All done.' } });
  });

  it('makes parts of one turn that come apart name the same turn, the outer first and its response last', () => {
    const ids = { 'gen_ai.conversation.id': 'conv-1' };
    const inner = chat('inner', 'inner', { spanId: '00000000000000b1', parentSpanId: 'a1', attributes: ids });
    const agent = { ...ids, 'gen_ai.operation.name': 'invoke_agent' };
    const outer = chat('outer', 'outer', { spanId: 'ffffffffffffffff', attributes: agent });
    const events = [inner, outer].flatMap((one) => read(one).turns.flatMap((turn) => turn.events));
    expect(new Set(events.map(({ data }) => 'turn' in data && data.turn))).toEqual(new Set([TRACE]));
    // Both began and ended in the same millisecond, so Heed orders them by their ids.
    const texts = (type: string) =>
      events
        .filter((event) => event.type === type)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ data }) => JSON.stringify(data).includes('outer'));
    expect(texts('heed.turn.v1')).toEqual([true, false]);
    expect(texts('heed.response.v1')).toEqual([false, true]);
  });

  it('takes the trace for the session only where everything above is there to name none', () => {
    expect(read(chat('a', 'b')).turns[0]?.events[0]?.subject).toBe(TRACE);
    const below = chat('a', 'b', { spanId: '00000000000000b1', parentSpanId: '00000000000000a1' });
    const entry = span({ attributes: { 'session.id': 's-7' } });
    expect(read(below, entry).turns[0]?.events[0]?.subject).toBe('s-7');
    const apart = read(below);
    expect(apart.turns).toEqual([]);
    expect(apart.withoutSession).toEqual([below]);
  });

  it('tells of spans without words, unless another of their trace has them', () => {
    const silent = span({ attributes: { 'gen_ai.operation.name': 'invoke_agent' } });
    expect(read(silent).withoutContent).toEqual([silent]);
    const spoken = chat('a', 'b', { spanId: '00000000000000b1', parentSpanId: silent.spanId });
    expect(read(silent, spoken)).toMatchObject({ withoutContent: [], turns: [{ span: spoken }] });
  });

  it('tells of a second request in one trace, and takes it when heed.turn names its turn', () => {
    const first = chat('a', 'b', { spanId: '00000000000000b1' });
    const second = chat('c', 'd', { spanId: '00000000000000b2' });
    expect(read(first, second).secondRequests).toEqual([second]);
    const named = chat('c', 'd', { spanId: '00000000000000b2', attributes: { 'heed.turn': 't-2' } });
    expect(read(first, named).secondRequests).toEqual([]);
  });

  it('leaves a check that did not pass on a turn that failed', () => {
    const failed = chat('a', '', { failed: true, attributes: { 'error.type': 'timeout' } });
    expect(dataOf(read(failed)).slice(1)).toEqual([
      { type: 'heed.check.v1', turn: TRACE, name: 'completed', passed: false, detail: 'timeout' },
    ]);
  });

  it('gives equal spans equal events, and the same span with other stages other ids', () => {
    const agent = chat('a', 'b');
    const tool = span({
      spanId: '00000000000000b1',
      parentSpanId: agent.spanId,
      attributes: { 'gen_ai.tool.name': 'flights' },
    });
    expect(read(agent, tool)).toEqual(read(tool, agent));
    const idsOf = (found: TurnsInTraces) => found.turns.flatMap(({ events }) => events.map(({ id }) => id));
    const [alone, together] = [idsOf(read(agent)), idsOf(read(agent, tool))];
    expect(alone[0]).toBe(together[0]);
    expect(alone[1]).not.toBe(together[1]);
  });

  it('cuts what went through a stage, never through a character', () => {
    const call = { type: 'tool_call', id: 'c', name: 'read', arguments: '😀'.repeat(2000) };
    const asked = chat('a', 'b', {
      attributes: {
        'gen_ai.output.messages': [{ role: 'assistant', parts: [call] }, said('assistant', 'b')],
      },
    });
    const stages = JSON.stringify(dataOf(read(asked))[1]);
    expect(stages.isWellFormed()).toBe(true);
    expect(stages.length).toBeLessThan(2500);
  });

  it('goes through a chain of 20 000 spans, and through circles', () => {
    const ids = (n: number) => (n + 1).toString(16).padStart(16, '0');
    const chain = Array.from({ length: 20_000 }, (_, n) =>
      chat('a', 'b', { spanId: ids(n), ...(n > 0 && { parentSpanId: ids(n - 1) }) }),
    );
    expect(read(...chain.reverse()).turns).toHaveLength(1);
    const circle = [0, 1, 2].map((n) => chat('a', 'b', { spanId: ids(n), parentSpanId: ids((n + 1) % 3) }));
    expect(read(...circle)).toMatchObject({ turns: [], withoutSession: [expect.anything()] });
  });
});

describe('any spans at all', () => {
  const names = [
    'gen_ai.operation.name',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.prompt',
    'gen_ai.prompt.0.content',
    'gen_ai.prompt.0.tool_calls.0.name',
    'gen_ai.completion.0.content',
    'gen_ai.tool.name',
    'gen_ai.tool.call.arguments',
    'gen_ai.conversation.id',
    'gen_ai.event.content',
    'message',
    'content',
    'tool_calls',
    'heed.turn',
    'enduser.id',
  ];
  const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('chat', 'invoke_agent', 'execute_tool', '__proto__', 'play jazz'),
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('role', 'parts', 'content', 'type', 'text', 'message', 'tool_calls', 'name', 'id'),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  }));
  const attributes = fc.dictionary(fc.constantFrom(...names), value);
  const anySpan = fc
    .record({
      spanId: fc.constantFrom('1', '2', '3', '4'),
      parentSpanId: fc.constantFrom(undefined, '1', '2', '3', '4', '5'),
      isEntry: fc.boolean(),
      startMs: fc.double({ min: 0, max: 8.64e15, noNaN: true }),
      endMs: fc.double({ min: 0, max: 8.64e15, noNaN: true }),
      failed: fc.boolean(),
      attributes,
      events: fc.array(
        fc.tuple(fc.constantFrom('gen_ai.user.message', 'gen_ai.choice', 'gen_ai.tool.message'), attributes),
        { maxLength: 3 },
      ),
    })
    .map(span);

  /** The same span, of which enough is right to become a turn. */
  const spokenAs = (one: Span): Span => {
    const right = { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': [said('user', 'hello')] };
    return { ...one, isEntry: true, attributes: new Map([...one.attributes, ...Object.entries(right)]) };
  };

  it('throw nothing, and what they become is read by the edge or told as a dead letter', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 6 }), fc.boolean(), (spans, spoken) => {
        const given = spoken ? spans.map(spokenAs) : spans;
        for (const { events } of read(...given).turns) {
          for (const event of events) {
            const received = {
              tenant: tenantId('t'),
              receivedAtMs: 8.64e15,
              body: JSON.stringify(event),
            };
            const { parsed } = logEntryOf(received, { sha256, limits: DEFAULT_EVENT_LIMITS });
            taken += 1;
            if (!parsed.ok) expect(['clock-skew', 'schema-violation']).toContain(parsed.error.reason);
          }
        }
      }),
      { seed: 23, numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(500);
  });
});
