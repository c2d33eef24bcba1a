import { expect, it } from 'vitest';
import { collected, pieces } from '../../testing/fake-shell.ts';
import { jsonLines } from './json-lines.ts';

it('goes on behind a line that is no JSON, keeping it as it stands and out of the message', async () => {
  const rows = await collected(
    jsonLines(pieces(Buffer.from('{"a":1}\n\n{"secret\nnonsense secret\n{"b":2}'), 4)),
  );
  expect(rows).toMatchObject([
    { line: 1, value: { a: 1 } },
    { line: 3, raw: '{"secret' },
    { line: 4, raw: 'nonsense secret' },
    { line: 5, value: { b: 2 } },
  ]);
  expect(rows.map((row) => ('problem' in row ? row.problem : '')).join()).not.toContain('secret');
});
