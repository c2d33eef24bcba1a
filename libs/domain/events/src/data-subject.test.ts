import { tenantId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { dataSubjectOf } from './data-subject.ts';
import { logEntryOf } from './log-entry-of.ts';

const tenant = tenantId('t');
const of = (type: string, data: unknown, session = 's-1') =>
  dataSubjectOf({ tenant, session, body: JSON.stringify({ type, data }) });
const user = { kind: 'user', tenant, id: 'ada' };
const session = { kind: 'session', tenant, id: 's-1' };

const AT = Date.UTC(2026, 2, 1, 10);
const cloud = (type: string, data: object) => ({
  ...{ specversion: '1.0', id: 'e-1', source: '/test', subject: 's-1', time: '2026-03-01T09:00:00Z' },
  ...{ type, data },
});

describe('whose an entry is', () => {
  it.each([
    ['heed.turn.v1', { user: 'ada', request: { text: 'x' } }],
    ['heed.response.v1', { user: 'ada' }],
    ['a type that nobody knows', { user: 'ada' }],
  ])('the user whom it names: %s', (type, data) => {
    expect(of(type, data)).toEqual(user);
  });

  it('the user whom it names by a number, although that is no event', () => {
    const event = cloud('heed.turn.v1', { turn: 't', user: 4711, request: { text: 'x' } });
    const received = { tenant, receivedAtMs: AT, body: JSON.stringify(event) };
    const { entry, parsed } = logEntryOf(received, { sha256: () => 'unused' });
    expect(parsed).toMatchObject({ ok: false, error: { reason: 'schema-violation' } });
    expect(dataSubjectOf(entry)).toEqual({ kind: 'user', tenant, id: '4711' });
  });

  it.each([
    ['9007199254740993', '9007199254740993'],
    ['9007199254740992', '9007199254740992'],
    ['-12345678901234567890', '-12345678901234567890'],
    ['1e400', '1e400'],
    ['4711.0', '4711'],
    ['0.1', '0.1'],
  ])(
    'the user whom it names by the number %s, told apart from any that is rounded to the same',
    (number, id) => {
      const event = cloud('heed.turn.v1', {
        turn: 't',
        user: 'USER',
        request: { text: '"user":9007199254740993' },
      });
      const body = JSON.stringify({ user: 1, ...event, more: [9007199254740993] }).replace('"USER"', number);
      const { entry, parsed } = logEntryOf({ tenant, receivedAtMs: AT, body }, { sha256: () => 'unused' });
      expect(parsed).toMatchObject({ ok: false, error: { detail: 'data.user: expected a string' } });
      expect(dataSubjectOf(entry)).toEqual({ kind: 'user', tenant, id });
      expect(dataSubjectOf({ ...entry, body: `\ufeff${body}` })).toEqual({ kind: 'user', tenant, id });
    },
  );

  it.each([
    ['heed.response.v1', { turn: 't', response: { text: 'x' } }],
    ['heed.outcome.v1', { name: 'solved', value: true }],
  ])(
    'the user whom an event of a type without users names by a number, digit for digit: %s',
    (type, data) => {
      for (const id of ['4711', '9007199254740993']) {
        const body = JSON.stringify(cloud(type, { ...data, user: 'USER' })).replace('"USER"', id);
        const { entry, parsed } = logEntryOf({ tenant, receivedAtMs: AT, body }, { sha256: () => 'unused' });
        expect(parsed.ok).toBe(true);
        expect(entry.subject).toEqual({ kind: 'user', tenant, id });
        expect(dataSubjectOf(entry)).toEqual(entry.subject);
      }
    },
  );

  it.each([
    ['heed.response.v1', {}],
    ['heed.comment.v9', {}],
    ['heed.annotation.v1', {}],
    ['heed.comparison.v1', { user: '' }],
    ['heed.stage.v1', { user: true }],
    ['heed.stage.v1', { user: ['ada'] }],
    ['heed.stage.v1', { user: null }],
    ['heed.behaviour.v1', { kind: 'edited', before: 'a' }],
  ])('the session’s, when it quotes people and names nobody: %s', (type, data) => {
    expect(of(type, data)).toEqual(session);
    expect(of(type, data, '')).toBeUndefined();
  });

  it.each([
    ['heed.turn.v1', { request: { text: 'the "user" of nobody' } }],
    ['heed.outcome.v1', { name: 'user', value: true }],
    ['heed.behaviour.v1', { kind: 'copied' }],
    ['heed.erasure.v1', { user: 'ada' }],
    ['heed.turn.v1', ['user']],
    ['heed.turn.v1', null],
  ])('nobody’s: %s %j', (type, data) => {
    expect(of(type, data)).toBeUndefined();
  });

  it.each(['', 'null', '"user"', '[{"user":1}]', '{"data":{"user":"ada"', 'no json "user"'])(
    'nobody’s, where it cannot be read so far: %s',
    (body) => {
      expect(dataSubjectOf({ tenant, session: 's-1', body })).toBeUndefined();
    },
  );

  it('the user’s too when letters are escaped, or a byte order mark stands before it', () => {
    const escaped = String.raw`{"d\u0061ta":{"us\u0065r":"\u0061da"}}`;
    expect(dataSubjectOf({ tenant, session: '', body: escaped })).toEqual(user);
    expect(dataSubjectOf({ tenant, session: '', body: '\ufeff{"data":{"user":"ada"}}' })).toEqual(user);
    const response = String.raw`{"type":"heed.resp\u006fnse.v1","data":{}}`;
    expect(dataSubjectOf({ tenant, session: 's-1', body: response })).toEqual(session);
  });

  it.each([
    cloud('heed.turn.v1', { turn: 't', user: 'ada', request: { text: 'x' } }),
    cloud('heed.turn.v1', { turn: 't', request: { text: 'x' } }),
    cloud('heed.response.v1', { turn: 't', response: { text: 'x' } }),
    cloud('heed.behaviour.v1', { turn: 't', kind: 'edited', before: 'a', after: 'b' }),
    cloud('heed.behaviour.v1', { turn: 't', user: 'ada', kind: 'copied' }),
    cloud('heed.outcome.v1', { name: 'solved', value: true }),
    cloud('heed.erasure.v1', { user: 'ada' }),
  ])('is the same by the parsed event as by its text: %j', (event) => {
    const received = { tenant, receivedAtMs: AT, body: JSON.stringify(event) };
    const { entry, parsed } = logEntryOf(received, { sha256: () => 'unused' });
    expect(parsed.ok).toBe(true);
    expect(entry.subject).toEqual(dataSubjectOf(entry) ?? null);
  });
});
