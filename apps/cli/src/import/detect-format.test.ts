import { expect, it } from 'vitest';
import { layoutOf } from './detect-format.ts';

it.each([
  ['what was said', 'log.csv', 'a,b', 'tsv', 'jsonl', 'tsv'],
  ['the mapping', 'log.csv', 'a,b', undefined, 'jsonl', 'jsonl'],
  ['the name', 'log.tsv', '{}', undefined, undefined, 'tsv'],
  ['the name before .gz', 'log.JSONL.gz', '[', undefined, undefined, 'jsonl'],
  ['a list', 'log', '\uFEFF \n[{}]', undefined, undefined, 'json'],
  ['a whole value on the first line', 'log', '{"a":1}\n{"a":2}\n', undefined, undefined, 'jsonl'],
  ['a value over many lines', 'log', '{\n "a": 1\n}\n', undefined, undefined, 'json'],
  ['a tab', 'log.txt', 'u1\ta, b\n', undefined, undefined, 'tsv'],
  ['a comma', '-', 'user,query\n', undefined, undefined, 'csv'],
  ['nothing but that they are events', '-', 'rubbish\n', 'cloudevents', undefined, 'jsonl'],
  ['events in a list', 'log.csv', '[{}]', 'cloudevents', undefined, 'json'],
] as const)('goes by %s', (_, name, head, format, ofMapping, layout) => {
  expect(layoutOf(name, Buffer.from(head), format, ofMapping)).toBe(layout);
});

it('asks when nothing tells', () => {
  expect(() => layoutOf('log', Buffer.from('rubbish\n'), undefined, undefined)).toThrow(
    'log: nothing tells its format',
  );
});
