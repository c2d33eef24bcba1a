import { createHash } from 'node:crypto';
import { parseEvent, type CloudEvent } from '@heed/events';
import { describe, expect, it } from 'vitest';
import { readMapping } from './mapping.ts';
import { recordMapper } from './record-mapper.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function mapperOf(mapping: object) {
  const read = readMapping({ name: 'log', ...mapping });
  if (!read.ok) throw new Error(read.error.detail);
  return recordMapper(read.value, { sha256 });
}

function mapAll(mapping: object, records: readonly unknown[]): readonly CloudEvent[] {
  const mapRecord = mapperOf(mapping);
  return records.flatMap((record, index) => {
    const events = mapRecord(record, { record: index, line: index + 1 });
    if (!events.ok) throw new Error(events.error.detail);
    return events.value;
  });
}

function faultOf(mapping: object, record: unknown): string {
  const events = mapperOf(mapping)(record, { record: 4, line: 6 });
  if (events.ok) throw new Error('expected a fault');
  expect(events.error).toMatchObject({ record: 5, line: 6 });
  return events.error.detail;
}

const flat = {
  session: 'session',
  user: 'user',
  time: { path: 'at' },
  locale: 'lang',
  turns: {
    id: 'turn',
    request: 'q',
    response: 'a',
    model: 'model',
    latencyMs: 'ms',
    skip: [{ path: 'q', empty: true }],
    attributes: { device: 'device.kind' },
    reactions: [{ kind: 'feedback' }],
    ratings: [{ aspect: 'tone', value: 'stars', scale: { min: 1, max: 5 } }],
    outcomes: [{ name: 'success', value: 'worked' }],
  },
};

const chat = {
  time: { start: '2026-03-01T09:00:00Z', secondsPerTurn: 10 },
  user: 'who',
  messages: {
    each: 'talk',
    text: 'says',
    role: 'by',
    user: ['human'],
    assistant: ['bot'],
    ignore: ['system'],
    reactions: [
      {
        kind: [
          { constant: 'thumbs-up', when: { path: 'score', is: 1 } },
          { constant: 'thumbs-down', when: { path: 'score', is: 0 } },
        ],
      },
    ],
  },
  ratings: [{ aspect: 'quality', value: 'stars', scale: { min: 1, max: 5 } }],
  outcomes: [
    {
      name: 'success',
      value: [
        { constant: true, when: { path: 'stars', atLeast: 4 } },
        { constant: false, when: { path: 'stars', atMost: 2 } },
      ],
    },
  ],
};

describe('a record that is one turn', () => {
  const row = {
    session: 's-1',
    user: 'u-1',
    at: '2026-03-01T09:00:00+01:00',
    turn: 't-9',
    q: 'hello',
    a: 'hi',
    model: 'm',
    ms: '12.5',
    lang: 'de',
    device: { kind: 'phone' },
    feedback: 'love',
    stars: '4',
    worked: 'true',
  };

  it('becomes the turn and everything that was said about it', () => {
    const events = mapAll(flat, [row]);
    expect(events.map(({ type, subject, time, data }) => ({ type, subject, time, data }))).toEqual(
      [
        [
          'heed.turn.v1',
          {
            turn: 't-9',
            user: 'u-1',
            request: { text: 'hello' },
            response: { text: 'hi', model: 'm' },
            latencyMs: 12.5,
            locale: 'de',
            attributes: { device: 'phone' },
          },
        ],
        ['heed.reaction.v1', { turn: 't-9', user: 'u-1', kind: 'love' }],
        [
          'heed.rating.v1',
          { turn: 't-9', user: 'u-1', aspect: 'tone', value: 4, scale: { min: 1, max: 5 }, by: 'human' },
        ],
        ['heed.outcome.v1', { turn: 't-9', name: 'success', value: true }],
      ].map(([type, data]) => ({ type, subject: 's-1', time: '2026-03-01T08:00:00.000Z', data })),
    );
    for (const event of events)
      expect(parseEvent(JSON.stringify(event), { receivedAtMs: Date.UTC(2026, 3) }).ok).toBe(true);
  });

  it('leaves out what the record has not', () => {
    const [event, ...others] = mapAll(flat, [
      { session: 's', at: '2026-03-01T09:00:00Z', q: 'hello', a: '', feedback: null },
    ]);
    expect(event?.data).toEqual({ turn: '1', request: { text: 'hello' } });
    expect(others).toEqual([]);
  });

  it.each([
    ['epoch-millis', 1_772_355_600_000_000_000],
    ['epoch-seconds', '1772355600000000'],
  ])('with a time that there is not, by the format %s, is faulty and nothing else is', (format, at) => {
    const mapping = { ...flat, time: { path: 'at', format } };
    expect(faultOf(mapping, { ...row, at })).toBe(`the time is not in the format "${format}"`);
  });

  it('that would come at a time that there is not, by the seconds of a turn, is faulty too', () => {
    const mapping = { ...flat, time: { start: '2026-03-01T09:00:00Z', secondsPerTurn: 1e13 } };
    expect(faultOf(mapping, row)).toBe('time.secondsPerTurn leads to a time that there is not');
  });

  it('has no rating, outcome or latency where its cells are blank', () => {
    const [turn, ...others] = mapAll(flat, [{ ...row, feedback: null, stars: '  ', worked: ' ', ms: ' ' }]);
    expect(turn?.data).not.toHaveProperty('latencyMs');
    expect(others).toEqual([]);
  });

  it('is skipped by a rule', () => {
    expect(mapAll(flat, [{ ...row, q: ' ' }])).toEqual([]);
  });

  it.each([
    [{ session: 's', at: row.at }, 'there is no request at "q"'],
    [{ ...row, at: 'yesterday' }, 'the time is not in the format "rfc3339"'],
    [{ ...row, at: null }, 'there is no time at "at"'],
    [
      { ...row, ms: 'soon', stars: 'many', worked: 'perhaps' },
      'latencyMs is not a number; the rating "tone" is not a number; the outcome "success" is neither true or false nor a number',
    ],
  ])('is told with its line when it is faulty: %j', (record, told) => {
    const turns = { ...flat.turns, skip: [] };
    expect(faultOf({ ...flat, turns }, record)).toBe(told);
  });

  it('gets its session from an idle gap of the user where the log has none', () => {
    const { user, time, turns } = flat;
    const sessionless = { user, time, turns };
    const at = (minute: number) => ({
      user: 'u',
      at: new Date(Date.UTC(2026, 2, 1, 9, minute)).toISOString(),
      q: 'hi',
    });
    const sessions = mapAll(sessionless, [at(0), at(30), at(61)]).map(({ subject }) => subject);
    expect(sessions).toEqual([
      'u@2026-03-01T09:00:00.000Z',
      'u@2026-03-01T09:00:00.000Z',
      'u@2026-03-01T10:01:00.000Z',
    ]);
    expect(faultOf(sessionless, { at: '2026-03-01T09:00:00Z', q: 'hi' })).toBe(
      'it has neither a session nor a user',
    );
  });

  it('has the same ids whenever it is imported, and others than its equal twin', () => {
    const once = mapAll(flat, [row, row]).map(({ id }) => id);
    expect(mapAll(flat, [row, row]).map(({ id }) => id)).toEqual(once);
    expect(new Set(once).size).toBe(8);
    expect(mapAll(flat, [{ ...row, a: 'ho' }])[0]?.id).not.toBe(once[0]);
  });

  it('gets a made-up time, marked as such, where the log has none', () => {
    const mapping = { ...flat, time: { start: '2026-03-01T09:00:00Z', secondsPerTurn: 60 } };
    const events = mapAll(mapping, [
      { session: 's', q: 'a' },
      { session: 's', q: 'b' },
    ]);
    expect(events.map(({ time }) => time)).toEqual(['2026-03-01T09:00:00.000Z', '2026-03-01T09:01:00.000Z']);
    expect(events[0]?.data).toMatchObject({ attributes: { syntheticTime: true } });
  });
});

describe('a record that is a session', () => {
  const talk = [
    { by: 'bot', says: 'Hello!', score: 0 },
    { by: 'human', says: 'play jazz' },
    { by: 'system', says: 'loading' },
    { by: 'bot', says: 'Which?', score: null },
    { by: 'bot', says: 'Playing.', score: 1 },
    { by: 'human', says: 'thanks' },
  ];

  it('pairs the messages of both sides to turns, reactions with the turn they are about', () => {
    const events = mapAll(chat, [{ who: 'u', talk, stars: 5 }]);
    expect(events.map(({ type, time, data }) => [type, time.slice(11, 19), data])).toEqual([
      [
        'heed.turn.v1',
        '09:00:00',
        {
          turn: '1',
          user: 'u',
          request: { text: '' },
          response: { text: 'Hello!' },
          attributes: { syntheticTime: true },
        },
      ],
      ['heed.reaction.v1', '09:00:00', { turn: '1', user: 'u', kind: 'thumbs-down' }],
      [
        'heed.turn.v1',
        '09:00:10',
        {
          turn: '2',
          user: 'u',
          request: { text: 'play jazz' },
          response: { text: 'Which?\nPlaying.' },
          attributes: { syntheticTime: true },
        },
      ],
      ['heed.reaction.v1', '09:00:10', { turn: '2', user: 'u', kind: 'thumbs-up' }],
      [
        'heed.turn.v1',
        '09:00:20',
        { turn: '3', user: 'u', request: { text: 'thanks' }, attributes: { syntheticTime: true } },
      ],
      [
        'heed.rating.v1',
        '09:00:20',
        { user: 'u', aspect: 'quality', value: 5, scale: { min: 1, max: 5 }, by: 'human' },
      ],
      ['heed.outcome.v1', '09:00:20', { name: 'success', value: true }],
    ]);
    expect(new Set(events.map(({ subject }) => subject)).size).toBe(1);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  it.each([
    [5, true],
    [4, true],
    [3, undefined],
    [2, false],
    ['1', false],
    [null, undefined],
  ])('with %j stars has the outcome %j', (stars, value) => {
    const outcome = mapAll(chat, [{ talk, stars }]).find(({ type }) => type === 'heed.outcome.v1');
    expect(outcome?.data).toEqual(value === undefined ? undefined : { name: 'success', value });
  });

  it('is a session of its own for every record, named after it', () => {
    const subjects = mapAll(chat, [{ talk }, { talk }]).map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(2);
  });

  it.each([
    [{}, 'there is no list at "talk"'],
    [
      { talk: [{ by: 'ghost', says: 'boo' }] },
      'message 1 is by neither of messages.user and messages.assistant',
    ],
    [{ talk: [{ by: 'human' }] }, 'message 1 has no text'],
  ])('is told when it is faulty: %j', (record, told) => {
    expect(faultOf(chat, record)).toBe(told);
  });

  it('may have turns in a list, with times of their own', () => {
    const mapping = {
      session: 'id',
      time: { path: 'began' },
      turns: {
        each: 'log.turns',
        request: 'in',
        response: 'out',
        time: { path: 'ts', format: 'epoch-seconds' },
      },
    };
    const record = {
      id: 's',
      log: {
        turns: [
          { in: 'a', out: 'b', ts: 1772355600 },
          { in: 'c', ts: 1772355660.5 },
        ],
      },
    };
    expect(mapAll(mapping, [record]).map(({ time, data }) => [time, data])).toEqual([
      ['2026-03-01T09:00:00.000Z', { turn: '1', request: { text: 'a' }, response: { text: 'b' } }],
      ['2026-03-01T09:01:00.500Z', { turn: '2', request: { text: 'c' } }],
    ]);
  });
});
