import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  heedSettings,
  readSettings,
  SETTING_NAMES,
  warehouseSettings,
  type HeedSettings,
} from './settings.ts';

const table = readFileSync(join(import.meta.dirname, '../../../docs/settings.md'), 'utf8');

describe('settings of Heed', () => {
  it('are in the users table, every one with its default, and no other is', () => {
    const documented = [...table.matchAll(/^\| `([A-Z]\w+)` +\|[^|]*\| (?:`([^`]*)`|none)/gmu)].map(
      ([, name, value = 'undefined']) => [name, value],
    );
    const defaults = heedSettings.parse({});
    const actual = Object.entries(SETTING_NAMES).map(([name, path]) => [
      name,
      String(valueAt(defaults, path)),
    ]);
    expect(documented).toEqual(actual);
  });

  it('say of a wrong value its name, the value and what is allowed, all at once', () => {
    const wrong = { HEED_PORT: 'abc', HEED_MAX_BATCH_EVENTS: '0', HEED_LOG_LEVEL: 'loud' };
    expect(() => readSettings(heedSettings, wrong, {})).toThrow(
      'Settings are wrong: HEED_PORT is "abc": expected a whole number from 0 to 65535; ' +
        'HEED_LOG_LEVEL is "loud": expected one of debug, info, warn, error, silent; ' +
        'HEED_MAX_BATCH_EVENTS is "0": expected a whole number from 1 to 9007199254740991.',
    );
  });

  it('never say a password', () => {
    expect(() => readSettings(heedSettings, { DATABASE_URL: 'mysql://heed:secret@db/heed' }, {})).toThrow(
      'DATABASE_URL is "mysql://heed:...@db/heed": expected postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    );
  });

  it.each([
    'postgres://heed:se/cret@db:5432/heed',
    'postgres://heed:secret@more@db:bad/heed',
    'mysql://he/ed:secret@db',
  ])('never say a password that makes its URL wrong: %s', (url) => {
    expect(faultOf({ DATABASE_URL: url })).toMatch(/DATABASE_URL is ".*\.\.\.@db/u);
    expect(faultOf({ DATABASE_URL: url })).not.toMatch(/cret/u);
  });

  it.each(['', ' ', '0x10', '1e3', '-1', '1.5'])('take "%s" for no number', (text) => {
    expect(faultOf({ HEED_ORPHAN_WAIT_MINUTES: text })).toContain('HEED_ORPHAN_WAIT_MINUTES');
  });

  it.each(['HEED_RETENTION_EVERY_MINUTES', 'HEED_MODEL_WATCH_MINUTES'])(
    'let %s be no longer than a timer can wait: beyond that it would fire at once, again and again',
    (name) => {
      const longestMs = 2 ** 31 - 1;
      expect(faultOf({ [name]: '35000' })).toBe('no fault');
      expect(35_000 * 60_000).toBeLessThan(longestMs);
      expect(faultOf({ [name]: String(Math.ceil(longestMs / 60_000)) })).toMatch(
        new RegExp(`${name} is "35792": expected a whole number from [01] to 35000`, 'u'),
      );
    },
  );

  it('take an empty variable of OpenTelemetry for none', () => {
    const names = Object.keys(SETTING_NAMES).filter((name) => name.startsWith('OTEL_'));
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    expect(names.length).toBeGreaterThan(5);
    expect(readSettings(heedSettings, empty, {})).toEqual(readSettings(heedSettings, {}, {}));
  });

  it("hold what an app says where nobody says anything, and nothing before everybody's default", () => {
    const port = (environment: object, given: object): number =>
      readSettings(heedSettings, { ...environment }, { ...given }, { port: 8586 }).port;
    expect(port({}, {})).toBe(8586);
    expect(port({ HEED_PORT: '1' }, { port: undefined })).toBe(1);
    expect(port({ HEED_PORT: '1' }, { port: '2' })).toBe(2);
    expect(() => port({ HEED_PORT: '' }, {})).toThrow('HEED_PORT is ""');
  });

  it('say of a key or a password that is wrong what is allowed, and not what it is', () => {
    const told = faultOf({ HEED_OWNER_KEY: 'heed_admin_0123456789abcdef_secret' });
    expect(told).toContain('HEED_OWNER_KEY is not shown here: expected heed_admin_');
    expect(told).not.toContain('secret');
  });

  it('of an app on servers name every server that is missing', () => {
    expect(faultOf({}, warehouseSettings)).toBe(
      'Settings are wrong: DATABASE_URL is missing: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE; ' +
        'HEED_CLICKHOUSE_URL is missing: it must be like http://host:8123 or https://host:8443.',
    );
  });

  it('refuse what is not theirs, and leave alone what belongs to others', () => {
    expect(() => readSettings(heedSettings, { HEED_PROT: '1' }, {})).toThrow(/HEED_PROT/);
    expect(
      readSettings(heedSettings, { HEED_URL: 'x', HEED_KEY: 'k', HEED_SHARED: 'y', HEED_PORT: '0' }, {}),
    ).toMatchObject({ port: 0 });
  });
});

function faultOf(
  environment: Readonly<Record<string, string>>,
  schema: z.ZodType<HeedSettings> = heedSettings,
): string {
  try {
    readSettings(schema, environment, {});
  } catch (fault) {
    if (fault instanceof Fault) return fault.message;
    throw fault;
  }
  return 'no fault';
}

function valueAt(settings: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      settings,
    );
}
