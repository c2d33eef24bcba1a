import type { NewLogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf, recordOf } from './event-record.ts';
import type { LogRecord } from './log-record.ts';

const anyText = fc.string({ unit: 'binary' });

describe('an entry as a record', () => {
  it('comes back as it was, whatever its texts are', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, fc.nat(), (key, session, body, receivedAtMs) => {
        const entry: NewLogEntry = { tenant: tenantId('shop'), key, session, body, receivedAtMs };
        expect(entryOf(asRead(entry))).toEqual({ ...entry, position: 7 * 1024 + 1 });
      }),
      { seed: 5 },
    );
  });

  it.each(['\ud800', 'a\udfff', '"', '', '/', 'a/b'])(
    'comes back as it was where its texts are %j',
    (text) => {
      const entry = { tenant: tenantId('a%/b'), key: text, session: text, body: text, receivedAtMs: 1 };
      expect(entryOf(asRead(entry))).toEqual({ ...entry, position: 7 * 1024 + 1 });
    },
  );

  it('has the body itself as its value, the key tenant/session, and says what it is', () => {
    const { key, value, headers } = recordOf({
      tenant: tenantId('shop'),
      key: 'e-1',
      session: 's-1',
      body: '{ "a": 1 }',
      receivedAtMs: 1_772_355_600_123,
      deadLetter: 'unreadable',
    });
    expect([key, String(value)]).toEqual(['shop/s-1', '{ "a": 1 }']);
    expect(headers).toEqual({
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      'heed-received': '1772355600123',
      'heed-key': 'e-1',
      'heed-dead-letter': 'unreadable',
    });
  });

  it('stays a dead letter whose reason only a later version knows', () => {
    const record = asRead({ tenant: tenantId('t'), key: 'k', session: 's', body: '', receivedAtMs: 1 });
    const headers = { ...record.headers, 'heed-dead-letter': 'of-the-future' };
    expect(entryOf({ ...record, headers })).toMatchObject({ deadLetter: 'poisoned' });
  });
});

function asRead(entry: NewLogEntry): LogRecord {
  const { key, value, headers = {} } = recordOf(entry);
  return {
    partition: 0,
    offset: 7,
    key: Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers,
    timestampMs: 0,
  };
}
