import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, SETTING_NAMES, standaloneSettings } from './settings.ts';

const table = readFileSync(join(import.meta.dirname, '../../../docs/settings.md'), 'utf8');

describe('settings of a standalone Heed', () => {
  it('are in the users table, every one with its default, and no other is', () => {
    const documented = [...table.matchAll(/^\| `([A-Z]\w+)` +\|[^|]*\| (?:`([^`]*)`|none)/gmu)].map(
      ([, name, value = 'undefined']) => [name, value],
    );
    const defaults = standaloneSettings.parse({});
    const actual = Object.entries(SETTING_NAMES).map(([name, path]) => [
      name,
      String(valueAt(defaults, path)),
    ]);
    expect(documented).toEqual(actual);
  });

  it('say of a wrong value its name, the value and what is allowed, all at once', () => {
    const wrong = { HEED_PORT: 'abc', HEED_MAX_BATCH_EVENTS: '0', HEED_LOG_LEVEL: 'loud' };
    expect(() => readSettings(wrong, {})).toThrow(
      'Settings are wrong: HEED_PORT is "abc": expected a whole number from 0 to 65535; ' +
        'HEED_LOG_LEVEL is "loud": expected one of debug, info, warn, error, silent; ' +
        'HEED_MAX_BATCH_EVENTS is "0": expected a whole number from 1 to 9007199254740991.',
    );
  });

  it('never say a password', () => {
    expect(() => readSettings({ DATABASE_URL: 'mysql://heed:secret@db/heed' }, {})).toThrow(
      'DATABASE_URL is "mysql://heed:...@db/heed": expected postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    );
  });

  it('refuse what is not theirs, and leave alone what belongs to others', () => {
    expect(() => readSettings({ HEED_PROT: '1' }, {})).toThrow(/HEED_PROT/);
    expect(
      readSettings({ HEED_URL: 'x', HEED_KEY: 'k', HEED_SHARED: 'y', HEED_PORT: '0' }, {}),
    ).toMatchObject({ port: 0 });
  });
});

function valueAt(settings: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      settings,
    );
}
