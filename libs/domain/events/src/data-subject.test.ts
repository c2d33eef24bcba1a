import { tenantId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { dataSubjectOf } from './data-subject.ts';

const tenant = tenantId('t');
const of = (type: string, data: unknown, session = 's-1') =>
  dataSubjectOf({ tenant, session, body: JSON.stringify({ type, data }) });
const user = { kind: 'user', tenant, id: 'ada' };
const session = { kind: 'session', tenant, id: 's-1' };

describe('whose an entry is', () => {
  it.each([
    ['heed.turn.v1', { user: 'ada', request: { text: 'x' } }],
    ['heed.response.v1', { user: 'ada' }],
    ['a type that nobody knows', { user: 'ada' }],
  ])('the user whom it names: %s', (type, data) => {
    expect(of(type, data)).toEqual(user);
  });

  it.each([
    ['heed.response.v1', {}],
    ['heed.comment.v9', {}],
    ['heed.annotation.v1', {}],
    ['heed.comparison.v1', { user: '' }],
    ['heed.stage.v1', { user: 7 }],
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
});
