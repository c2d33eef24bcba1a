import { describe, expect, it } from 'vitest';
import { parseTimeFormat } from './time-format.ts';

describe('reading times', () => {
  it.each([
    ['rfc3339', '2026-03-01T09:00:00+01:00', Date.UTC(2026, 2, 1, 8)],
    ['epoch-seconds', '1772355600', 1_772_355_600_000],
    ['epoch-seconds', 1772355600.25, 1_772_355_600_250],
    ['epoch-millis', 1772355600250, 1_772_355_600_250],
    ['yyMMddHHmmss', '970916105432', Date.UTC(1997, 8, 16, 10, 54, 32)],
    ['yyMMddHHmmss', '690101000000', Date.UTC(2069, 0, 1)],
    ['yyyy-MM-dd HH:mm:ss[.SSSSSS]', '2018-07-09 04:29:15', Date.UTC(2018, 6, 9, 4, 29, 15)],
    ['yyyy-MM-dd HH:mm:ss[.SSSSSS]', '2018-07-09 08:06:08.322000', Date.UTC(2018, 6, 9, 8, 6, 8, 322)],
    ['dd/MM/yyyy', '29/02/2024', Date.UTC(2024, 1, 29)],
    ['yyyy-MM-ddTHH:mm:ssZ', '2026-03-01T09:00:00Z', Date.UTC(2026, 2, 1, 9)],
  ])('in the format %s: %s', (format, value, timeMs) => {
    expect(parseTimeFormat(format)?.(value)).toBe(timeMs);
  });

  it('takes a local time as one of the zone', () => {
    expect(parseTimeFormat('yyyy-MM-dd HH:mm', '+02:00')?.('2026-03-01 09:00')).toBe(Date.UTC(2026, 2, 1, 7));
    expect(parseTimeFormat('yyyy-MM-dd HH:mm', '-05:30')?.('2026-03-01 09:00')).toBe(
      Date.UTC(2026, 2, 1, 14, 30),
    );
  });

  it.each([
    ['rfc3339', '2026-03-01 09:00:00'],
    ['epoch-seconds', ''],
    ['epoch-seconds', 'soon'],
    ['epoch-seconds', 1_772_355_600_000_000],
    ['epoch-seconds', '1e300'],
    ['epoch-millis', '1772355600000000000'],
    ['epoch-millis', -8_640_000_000_000_001],
    ['epoch-millis', 'Infinity'],
    ['yyMMddHHmmss', '970931105432'],
    ['yyMMddHHmmss', '970916245432'],
    ['yyMMddHHmmss', '97091610543'],
    ['yyyy-MM-dd', '2025-02-29'],
  ])('in the format %s refuses %j', (format, value) => {
    expect(parseTimeFormat(format)?.(value)).toBeUndefined();
  });

  it.each(['', 'hello', 'HH:mm', 'yyyy-MM-dd yyyy', 'yyyy-MM-dd [HH', 'yyyy-mm-dd', 'iso'])(
    'knows no format %j',
    (format) => {
      expect(parseTimeFormat(format)).toBeUndefined();
    },
  );
});
