import { SHIPPED_MAPPINGS } from '@heed/importing';
import { describe, expect, it } from 'vitest';
import { recordReader } from './record-events.ts';

const convai2 = SHIPPED_MAPPINGS.get('convai2') ?? expect.fail('the convai2 mapping is not shipped');

describe('events of a record', () => {
  it('name the place and the problem of a row that gives none', () => {
    const read = recordReader({ file: 'log.jsonl', mapping: convai2 });
    const { events, rejected } = read({ line: 7, value: { dialog: 1 }, text: '{"dialog":1}' }, 6);
    expect(JSON.parse(events.join())).toEqual({
      'heed.rejectedRow': { file: 'log.jsonl', line: 7, problem: rejected?.problem, row: { dialog: 1 } },
    });
  });

  it('are the text in the file where the record is an event already', () => {
    const text = '{ "id": "e-1", "big": 12345678901234567890 }';
    const read = recordReader({ file: 'events.jsonl' });
    expect(read({ line: 1, value: JSON.parse(text), text }, 0)).toEqual({ events: [text] });
  });

  it('do not hide a mapper that fails for another reason than nesting', () => {
    const failing = {
      get dialog(): unknown {
        throw new RangeError('Invalid time value');
      },
      toJSON: () => 'writable',
    };
    const read = recordReader({ file: 'log.jsonl', mapping: convai2 });
    expect(() => read({ line: 7, value: failing }, 6)).toThrow('Invalid time value');
  });

  it('are none where it is nested deeper than it can be written again, and the row is kept', () => {
    const text = `{"dialog":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const read = recordReader({ file: 'deep.jsonl', mapping: convai2 });
    const { events, rejected } = read({ line: 7, value: JSON.parse(text), text }, 6);
    expect(rejected?.line).toBe(7);
    expect(events.join('')).toContain('[[[[');
  });
});
