import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rfc3339Ms } from './rfc3339.ts';

describe('RFC 3339', () => {
  it.each([
    ['2026-03-01T09:00:00Z', Date.UTC(2026, 2, 1, 9)],
    ['2026-03-01t09:00:00z', Date.UTC(2026, 2, 1, 9)],
    ['2026-03-01T09:00:00+05:30', Date.UTC(2026, 2, 1, 3, 30)],
    ['2026-03-01T09:00:00.123999Z', Date.UTC(2026, 2, 1, 9, 0, 0, 123)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['2017-01-01T05:29:60+05:30', Date.UTC(2017, 0, 1)],
  ])('reads %s', (text, timeMs) => {
    expect(rfc3339Ms(text)).toBe(timeMs);
  });

  it.each([
    '2026-03-01T09:00:00',
    '2026-03-01 09:00:00Z',
    '2026-03-01',
    '2026-02-30T09:00:00Z',
    '2025-02-29T09:00:00Z',
    '2026-04-31T09:00:00Z',
    '2026-13-01T09:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T09:60:00Z',
    '2026-03-01T09:00:00+24:00',
    '1772355600',
    '',
  ])('refuses %j', (text) => {
    expect(rfc3339Ms(text)).toBeUndefined();
  });

  it('reads what Date writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(0, 0, 1), max: Date.UTC(9999, 11, 31) }), (timeMs) => {
        fc.pre(timeMs >= Date.UTC(1, 0, 1));
        expect(rfc3339Ms(new Date(timeMs).toISOString())).toBe(timeMs);
      }),
      { seed: 3 },
    );
  });
});
