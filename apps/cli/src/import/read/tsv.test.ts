import { expect, it } from 'vitest';
import { collected, pieces } from '../../testing/fake-shell.ts';
import { tsv } from './tsv.ts';

it('takes quotes for characters, and tells rows with other columns', async () => {
  const bytes = Buffer.from('user\tquery\r\nu1\t"apple pie\nu2\n\nu3\tx\n');
  expect(await collected(tsv(pieces(bytes, 5), { onColumns: () => undefined }))).toEqual([
    { line: 2, value: { user: 'u1', query: '"apple pie' } },
    { line: 3, problem: 'it has 1 column, expected 2 (user, query)', raw: 'u2' },
    { line: 5, value: { user: 'u3', query: 'x' } },
  ]);
});
