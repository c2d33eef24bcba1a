import { SHIPPED_MAPPINGS } from '@heed/importing';
import { describe, expect, it } from 'vitest';
import { recordReader } from './record-events.ts';

const convai2 = SHIPPED_MAPPINGS.get('convai2') ?? expect.fail('the convai2 mapping is not shipped');

describe('events of a record', () => {
  it('are the text in the file where the record is an event already', () => {
    const text = '{ "id": "e-1", "big": 12345678901234567890 }';
    const read = recordReader({ file: 'events.jsonl' });
    expect(read({ line: 1, value: JSON.parse(text), text }, 0)).toEqual({ events: [text] });
  });

  it('are none where it is nested deeper than it can be written again, and the row is kept', () => {
    const text = `{"dialog":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const read = recordReader({ file: 'deep.jsonl', mapping: convai2 });
    const { events, rejected } = read({ line: 7, value: JSON.parse(text), text }, 6);
    expect(rejected?.line).toBe(7);
    expect(events.join('')).toContain('[[[[');
  });
});
