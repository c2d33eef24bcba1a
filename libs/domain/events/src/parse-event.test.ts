import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_EVENT_LIMITS } from './event-limits.ts';
import { parseEvent, parseEventValue } from './parse-event.ts';

const receivedAtMs = Date.UTC(2026, 2, 1, 10);
const turn = {
  specversion: '1.0',
  id: 'e-17',
  source: '/search',
  type: 'heed.turn.v1',
  subject: 's-42',
  time: '2026-03-01T09:00:00Z',
  data: { turn: 't-1', request: { text: 'play maj and dragons' } },
};

const parse = (body: string | Uint8Array) => parseEvent(body, { receivedAtMs });
const parseWith = (change: object) => parse(JSON.stringify({ ...turn, ...change }));
const deadLetterOf = (result: ReturnType<typeof parse>) => (result.ok ? undefined : result.error);

describe('parsing an event', () => {
  it('gives the typed event', () => {
    expect(parse(JSON.stringify(turn))).toEqual({
      ok: true,
      value: {
        name: 'turn',
        id: 'e-17',
        session: 's-42',
        source: '/search',
        timeMs: Date.UTC(2026, 2, 1, 9),
        data: { turn: 't-1', request: { text: 'play maj and dragons' } },
      },
    });
  });

  it('reads bytes, text and parsed JSON to the same', () => {
    const body = JSON.stringify(turn);
    expect(parse(Buffer.from(body))).toEqual(parse(body));
    expect(parseEventValue(turn, body, { receivedAtMs })).toEqual(parse(body));
  });

  it('drops a byte order mark', () => {
    expect(parse(`\ufeff${JSON.stringify(turn)}`)).toEqual(parse(JSON.stringify(turn)));
    expect(parse(Buffer.from(`\ufeff${JSON.stringify(turn)}`))).toEqual(parse(JSON.stringify(turn)));
  });

  it.each([
    ['an empty body', '', 'it is empty'],
    ['blanks', ' \n', 'it is empty'],
    ['text that is no JSON', 'secret words', 'it is not JSON'],
    ['JSON that breaks off', '{"specversion":"1.0","id":"secr', 'it is not JSON: it ends too early'],
    [
      'JSON with a fault',
      '{"id":"secret" "type":1}',
      'it is not JSON: something else was expected at position 15',
    ],
    ['a list', '[]', 'it is JSON, but not an object'],
    ['a text in JSON', '"secret"', 'it is JSON, but not an object'],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22), 'the byte at offset 2'],
    ['UTF-8 that breaks off', Uint8Array.of(0x7b, 0x22, 0xc3), 'they end in the middle of a character'],
  ])('calls %s unreadable', (_, body, detail) => {
    const letter = deadLetterOf(parse(body));
    expect(letter).toMatchObject({ reason: 'unreadable' });
    expect(letter?.detail).toContain(detail);
    expect(letter?.detail).not.toContain('secr');
    expect(letter?.remedy).not.toBe('');
  });

  it.each([
    [{ id: undefined }, 'id is missing: expected a text'],
    [{ id: '' }, 'id: expected a text of 1 to 512 bytes'],
    [{ id: 'a\u0000b' }, 'id: expected'],
    [{ id: 'a\u0085b' }, 'id: expected'],
    [{ subject: '\u{1f3b5}\u009f' }, 'subject: expected'],
    [{ id: 'ü'.repeat(257) }, 'id: expected'],
    [{ subject: undefined }, 'subject is missing: expected the id of the session'],
    [{ specversion: '0.3' }, 'specversion: expected the text "1.0"'],
    [{ source: '' }, 'source: expected'],
    [{ type: 7 }, 'type: expected'],
    [{ time: undefined }, 'time is missing: expected an RFC 3339'],
    [{ time: '2026-03-01T09:00:00' }, 'time: expected an RFC 3339'],
    [{ time: 1772355600 }, 'time: expected an RFC 3339'],
    [{ data: undefined }, 'data is missing: expected an object'],
    [{ data: [] }, 'data: expected an object'],
    [{ datacontenttype: 'text/plain' }, 'datacontenttype: expected'],
    [{ ['__proto__']: {} }, '__proto__: expected a field of another name'],
    [
      { id: 5, time: 'now' },
      'id: expected a text of 1 to 512 bytes without control characters, unique for each event; time: expected',
    ],
  ])('calls an envelope with %j a schema violation', (change, told) => {
    const letter = deadLetterOf(parseWith(change));
    expect(letter?.reason).toBe('schema-violation');
    expect(letter?.detail).toContain(told);
  });

  it('accepts the content types that are JSON', () => {
    expect(parseWith({ datacontenttype: 'application/json; charset=utf-8' }).ok).toBe(true);
    expect(parseWith({ datacontenttype: 'application/vnd.acme+json' }).ok).toBe(true);
  });

  it('tells an unknown type from an unknown version of a known one', () => {
    expect(deadLetterOf(parseWith({ type: 'heed.turn.v9' }))).toMatchObject({
      reason: 'unsupported-version',
      detail: 'this Heed does not read heed.turn.v9; it reads heed.turn.v1',
    });
    expect(deadLetterOf(parseWith({ type: 'heed.tern.v1' }))).toMatchObject({
      reason: 'unknown-type',
      eventType: 'heed.tern.v1',
    });
    expect(deadLetterOf(parseWith({ type: 'com.acme.turn' }))?.reason).toBe('unknown-type');
    expect(deadLetterOf(parseWith({ type: 'heed.constructor.v1' }))?.reason).toBe('unknown-type');
  });

  it('judges the clock against the moment of receiving', () => {
    const seventies = deadLetterOf(parseWith({ time: '1970-01-21T12:19:15Z' }));
    expect(seventies?.reason).toBe('clock-skew');
    expect(seventies?.detail).toContain('a time in 1970 usually means a missing or mis-scaled timestamp');
    expect(deadLetterOf(parseWith({ time: '2027-03-01T09:00:00Z' }))).toMatchObject({ reason: 'clock-skew' });
    expect(parseWith({ time: '1997-09-16T00:19:49Z' }).ok).toBe(true);
    expect(parseWith({ time: '2026-03-02T10:00:00Z' }).ok).toBe(true);
    expect(parseWith({ time: '2026-03-02T10:00:00.001Z' }).ok).toBe(false);
  });

  it('takes clock and sizes from the limits', () => {
    const limits = { ...DEFAULT_EVENT_LIMITS, earliestMs: 0, textBytes: 4, idBytes: 4 };
    const withLimits = (change: object) =>
      parseEvent(JSON.stringify({ ...turn, ...change }), { receivedAtMs, limits });
    expect(
      withLimits({ time: '1970-01-21T12:19:15Z', data: { turn: 't', request: { text: 'four' } } }).ok,
    ).toBe(true);
    expect(withLimits({ data: { turn: 't', request: { text: 'fünf' } } }).ok).toBe(false);
    expect(withLimits({ id: 'five5' }).ok).toBe(false);
    expect(withLimits({ data: { turn: 'five5', request: { text: '' } } }).ok).toBe(false);
  });

  it('accepts a text of exactly 64 KiB and names the field of a larger one', () => {
    const withText = (text: string) =>
      parseWith({ data: { turn: 't-1', request: { text: 'hi' }, response: { text } } });
    expect(withText('x'.repeat(65_536)).ok).toBe(true);
    expect(withText('é'.repeat(32_768)).ok).toBe(true);
    for (const text of ['x'.repeat(65_537), 'é'.repeat(32_769)]) {
      expect(deadLetterOf(withText(text))).toMatchObject({
        reason: 'schema-violation',
        detail: 'data.response.text: expected at most 65536 bytes of text',
      });
    }
  });

  it('calls an event over 1 MiB oversized and still says whose it was', () => {
    const stages = Array.from({ length: 20 }, () => ({ name: 'tool', output: 'x'.repeat(60_000) }));
    expect(deadLetterOf(parseWith({ data: { ...turn.data, stages } }))).toMatchObject({
      reason: 'oversized',
      eventId: 'e-17',
      eventType: 'heed.turn.v1',
      session: 's-42',
    });
    expect(deadLetterOf(parse('x'.repeat(1_048_577)))?.reason).toBe('oversized');
  });

  it('refuses nesting that would exhaust the stack of whoever reads it', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const body = JSON.stringify(turn).replace('"turn":', `"deep":${deep},"turn":`);
    expect(deadLetterOf(parse(body))).toMatchObject({
      reason: 'schema-violation',
      detail: 'data: expected lists and objects at most 64 deep',
    });
  });

  it('tells the first problems with their places and never quotes what the user said', () => {
    const data = {
      turn: 4,
      user: 'sesame',
      request: { text: ['sesame'] },
      latencyMs: 'sesame',
      locale: 9,
      surface: 8,
    };
    const letter = deadLetterOf(parseWith({ data }));
    expect(letter?.detail).toBe(
      'data.turn: expected a string; data.request.text: expected a string; data.latencyMs: expected a number; and 2 more',
    );
  });

  it('puts nothing into a dead letter that a store could not keep', () => {
    expect(
      deadLetterOf(parseWith({ id: 'a\u0000', subject: '\ud800', type: `x\u0000${'y'.repeat(200)}` })),
    ).toEqual({
      reason: 'schema-violation',
      detail: expect.stringContaining('id: expected') as string,
      remedy: expect.any(String) as string,
      eventType: `x?${'y'.repeat(98)}`,
    });
  });

  it('never throws, whatever the bytes are', () => {
    const almost = fc.record({
      ...Object.fromEntries(Object.keys(turn).map((key) => [key, fc.jsonValue()])),
      data: fc.jsonValue(),
    });
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary' }),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      almost.map((change) => JSON.stringify({ ...turn, ...change })),
      fc.jsonValue().map((data) => JSON.stringify({ ...turn, data })),
    );
    fc.assert(
      fc.property(anything, (body) => {
        const result = parse(body);
        if (!result.ok) expect(result.error.remedy.length).toBeGreaterThan(0);
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});
