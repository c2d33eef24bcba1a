import { describe, expect, it } from 'vitest';
import { DEFAULT_EVENT_LIMITS } from './event-limits.ts';
import { parseEvent } from './parse-event.ts';

const parsed = (row: unknown) =>
  parseEvent(JSON.stringify({ 'heed.rejectedRow': row }), { receivedAtMs: Date.UTC(2026, 2, 1) });

describe('a row that an import rejected', () => {
  it('is a dead letter that says where it stood and what was wrong with it', () => {
    const row = { file: 'log.csv', line: 4, problem: 'it has 2 columns, expected 3', row: 'u2,only two' };
    expect(parsed(row)).toMatchObject({
      ok: false,
      error: { reason: 'schema-violation', detail: 'line 4 of log.csv: it has 2 columns, expected 3' },
    });
  });

  it('says so however large it is', () => {
    const row = {
      file: 'log.csv',
      line: 4,
      problem: 'not UTF-8',
      row: 'x'.repeat(DEFAULT_EVENT_LIMITS.eventBytes),
    };
    expect(parsed(row)).toMatchObject({ error: { detail: 'line 4 of log.csv: not UTF-8' } });
  });

  it('is told from what only looks like one', () => {
    expect(parsed('nothing')).toMatchObject({
      error: { detail: expect.stringContaining('specversion') as string },
    });
  });
});
