import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogueOf } from './catalogue.ts';
import { parseWith } from './parse-event.ts';
import { firstVersion } from './version-chain.ts';

const receivedAtMs = Date.UTC(2026, 2, 1, 10);

// A type that grew: a name in one piece, then in two, then with a count of its letters.
const person = firstVersion(z.object({ name: z.string() }))
  .next(z.object({ first: z.string(), last: z.string() }), ({ name }) => {
    const [first = '', last = ''] = name.split(' ');
    return { first, last };
  })
  .next(z.object({ first: z.string(), last: z.string(), letters: z.number() }), (older) => ({
    ...older,
    letters: older.first.length + older.last.length,
  }));
const catalogue = catalogueOf({ person });

function read(version: number, data: unknown) {
  const body = JSON.stringify({
    specversion: '1.0',
    id: 'e-1',
    source: '/test',
    type: `heed.person.v${version}`,
    subject: 's-1',
    time: '2026-03-01T09:00:00Z',
    data,
  });
  return parseWith(catalogue, body, { receivedAtMs });
}

describe('versions of a type', () => {
  it('carries an old version up step by step', () => {
    const ada = { first: 'Ada', last: 'Lovelace', letters: 11 };
    expect(read(1, { name: 'Ada Lovelace' })).toMatchObject({
      ok: true,
      value: { name: 'person', data: ada },
    });
    expect(read(2, { first: 'Ada', last: 'Lovelace' })).toMatchObject({ ok: true, value: { data: ada } });
    expect(read(3, ada)).toMatchObject({ ok: true, value: { data: ada } });
  });

  it('checks stored data against the schema of its own version', () => {
    expect(read(2, { name: 'Ada Lovelace' })).toMatchObject({
      ok: false,
      error: {
        reason: 'schema-violation',
        detail: expect.stringContaining('data.first: expected a string') as string,
      },
    });
  });

  it('says which versions it reads when one is newer than it knows', () => {
    expect(read(4, {})).toMatchObject({
      ok: false,
      error: {
        reason: 'unsupported-version',
        detail:
          'this Heed does not read heed.person.v4; it reads heed.person.v1, heed.person.v2, heed.person.v3',
      },
    });
  });

  it('leaves a chain as it was when another version is added', () => {
    const first = firstVersion(z.string());
    first.next(z.number(), (text) => text.length);
    expect(first.steps).toHaveLength(1);
    expect(first.steps[0]?.upcast).toBeUndefined();
  });
});
