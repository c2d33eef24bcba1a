import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseSettings } from './settings.ts';

const schema = z.strictObject({
  port: z.coerce.number().int().max(65535).default(8585),
  mining: z.strictObject({ sessions: z.coerce.number().positive().default(5) }).prefault({}),
});
const names = { HEED_PORT: 'port', HEED_MINING_SESSIONS: 'mining.sessions' };
const parse = (environment: Record<string, string>, given: Record<string, unknown> = {}) =>
  parseSettings(schema, names, ['HEED_URL'], { environment, given });

describe('settings', () => {
  it('have defaults, and come from the environment by name', () => {
    expect(parse({ PATH: '/bin', HEED_URL: 'http://elsewhere' })).toEqual({
      port: 8585,
      mining: { sessions: 5 },
    });
    expect(parse({ HEED_PORT: '1', HEED_MINING_SESSIONS: '9' })).toEqual({
      port: 1,
      mining: { sessions: 9 },
    });
  });

  it('are taken from the command line first', () => {
    expect(parse({ HEED_PORT: '1' }, { port: '2', 'mining.sessions': undefined })).toMatchObject({ port: 2 });
  });

  it('tell all faults together, with the name of each', () => {
    expect(() => parse({ HEED_PORT: '70000', HEED_MINING_SESSIONS: 'many', HEED_PROT: '1' })).toThrow(
      /HEED_PROT is not a setting.*HEED_PORT.*HEED_MINING_SESSIONS/,
    );
  });
});
