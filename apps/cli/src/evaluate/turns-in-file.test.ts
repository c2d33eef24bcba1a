import { gzipSync } from 'node:zlib';
import { cloudEventOf } from '@heed/events';
import { expect, it } from 'vitest';
import { pieces } from '../testing/fake-shell.ts';
import { turnsInFile } from './turns-in-file.ts';

const lines = Buffer.from(
  Array.from({ length: 40 }, (_, n) =>
    JSON.stringify(
      cloudEventOf({
        session: `s-${String(n)}`,
        source: '/love',
        type: 'heed.turn.v1',
        id: `turn-${String(n)}`,
        timeMs: Date.UTC(2026, 0, 1) + n,
        data: { turn: 't0', request: { text: 'play jazz' }, response: { text: 'Sure.' } },
      }),
    ),
  ).join('\n'),
);

const shellOf = (input: Buffer) => ({
  stdin: pieces(input, 100),
  stdout: { write: () => undefined },
  stderr: { write: () => undefined },
  env: {},
  cwd: '.',
  userName: 'ada',
  programs: '/nowhere',
});

it.each([
  ['as they are', lines],
  ['packed', gzipSync(lines)],
])('reads the turns of a file, and no more of it than it may hold: %s', async (_, input) => {
  const turns = await turnsInFile(shellOf(input), '-', 'answer', lines.length);
  expect(turns).toHaveLength(40);
  expect(turns[7]).toMatchObject({ turn: 't0', response: 'Sure.' });
  await expect(turnsInFile(shellOf(input), '-', 'answer', lines.length - 1)).rejects.toMatchObject({
    code: 'file-too-large',
    message: expect.stringContaining(`${lines.length - 1} bytes`) as string,
  });
});
