import { describe, expect, it } from 'vitest';
import { checkColumns } from './check-columns.ts';
import { readMapping } from './mapping.ts';

const good = { name: 'log', user: 'user', time: { path: 'at' }, turns: { request: 'q' } };

function faultOf(change: object): string {
  const read = readMapping(JSON.parse(JSON.stringify({ ...good, ...change })));
  if (read.ok) throw new Error('expected a fault');
  return read.error.detail;
}

describe('reading a mapping', () => {
  it('fills in what may be left out', () => {
    expect(readMapping(good)).toMatchObject({
      ok: true,
      value: { time: { format: 'rfc3339', zone: 'UTC' }, turns: { skip: [] } },
    });
  });

  it.each([
    [{ usr: 'x' }, 'Unrecognized key: "usr"'],
    [{ time: { path: 'at', format: 'hh:mm' } }, 'time.format: expected "rfc3339", "epoch-seconds"'],
    [{ time: { path: 'at', zone: 'Berlin' } }, 'time.zone: expected "UTC" or an offset'],
    [{ time: {} }, 'time: expected a path to the time, or'],
    [{ time: { start: '2026' } }, 'time.start: expected an RFC 3339 time with a zone'],
    [{ time: { start: '2026-03-01T09:00:00Z' } }, 'expected time.secondsPerTurn'],
    [{ turns: undefined, description: 'none of both' }, 'expected either "turns"'],
    [
      { messages: { each: 'm', text: 't', role: 'r', user: ['u'], assistant: ['a'] } },
      'expected either "turns"',
    ],
    [{ user: undefined, description: 'nobody' }, 'expected a session, or a user'],
    [{ turns: { request: { pth: 'q' } } }, 'turns.request: expected a path'],
    [
      { turns: { request: 'q', skip: [{ path: 'q' }] } },
      'turns.skip.0: expected at least one of is, atLeast, atMost and empty',
    ],
    [{ format: 'xml' }, 'format: '],
    [{ name: 'My Log' }, 'name: expected lower-case letters'],
  ])('refuses %j and says what belongs there', (change, told) => {
    expect(faultOf(change)).toContain(told);
  });

  it('refuses what is no mapping at all', () => {
    expect(readMapping([])).toMatchObject({ ok: false });
    expect(readMapping(null)).toMatchObject({ ok: false });
  });
});

describe('the columns of a table', () => {
  const check = (change: object, columns: readonly string[]) => {
    const read = readMapping({ ...good, ...change });
    if (!read.ok) throw new Error(read.error.detail);
    return checkColumns(read.value, columns);
  };

  it('are checked against the mapping before the first row', () => {
    expect(check({}, ['user', 'at', 'q', 'more'])).toEqual({ ok: true, value: undefined });
    expect(check({}, ['usr', 'at', 'query'])).toMatchObject({
      ok: false,
      error: {
        detail: 'the mapping "log" reads "user", "q", but the file has only the columns usr, at, query',
      },
    });
  });

  it('may be one of several', () => {
    expect(check({ user: ['login', 'user'] }, ['user', 'at', 'q']).ok).toBe(true);
    expect(check({ user: ['login', 'name'] }, ['user', 'at', 'q'])).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining('reads "login" or "name", but') as string },
    });
  });

  it('are asked for by conditions too', () => {
    expect(
      check({ turns: { request: 'q', skip: [{ path: 'kind', is: 'test' }] } }, ['user', 'at', 'q']).ok,
    ).toBe(false);
    expect(
      check(
        {
          turns: {
            request: 'q',
            reactions: [{ kind: { constant: 'like', when: { path: 'liked', is: 1 } } }],
          },
        },
        ['user', 'at', 'q'],
      ).ok,
    ).toBe(false);
  });

  it.each([
    ['beside a path', { user: { path: 'user', when: { path: 'knd', is: 'human' } } }, '"knd"'],
    [
      'of the second of several choices',
      {
        outcomes: [
          {
            name: 'success',
            value: [
              { constant: true, when: { path: 'stars', atLeast: 4 } },
              { constant: false, when: { path: 'strs', atMost: 2 } },
            ],
          },
        ],
      },
      '"strs"',
    ],
    [
      'of a second skip',
      {
        turns: {
          request: 'q',
          skip: [
            { path: 'q', empty: true },
            { path: 'kid', is: 1 },
          ],
        },
      },
      '"kid"',
    ],
  ])('are all asked for by conditions: %s', (_, change, told) => {
    const checked = check(change, ['user', 'at', 'q', 'stars']);
    expect(!checked.ok && checked.error.detail).toContain(`reads ${told}, but`);
  });

  it('are told once each', () => {
    const kind = ['up', 'down'].map((is) => ({ constant: is, when: { path: `is-${is}`, is: 1 } }));
    const checked = check({ turns: { request: 'q', reactions: [{ kind }] } }, ['user', 'at', 'q']);
    expect(!checked.ok && checked.error.detail).toContain('reads "is-up", "is-down", but');
  });

  it('hold one value each, into which no path leads', () => {
    expect(check({ user: 'user.id' }, ['user', 'at', 'q']).ok).toBe(false);
  });

  it('may have dots in their names', () => {
    expect(check({ user: 'user.id' }, ['user.id', 'at', 'q']).ok).toBe(true);
  });
});
