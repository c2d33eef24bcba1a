import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collected, pieces } from '../../testing/fake-shell.ts';
import { linesOf } from './lines.ts';

const read = (bytes: Buffer, size = 7): Promise<{ number: number; text: string }[]> =>
  collected(linesOf(pieces(bytes, size)));

describe('lines of bytes', () => {
  it('are the same however the bytes are cut into pieces', async () => {
    const text = fc.array(fc.constantFrom('a', '\n', '\r\n', 'é', '😀', '\t', '"'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const bytes = Buffer.from(parts.join(''));
        const expected = parts.join('').split(/\r?\n/);
        if (expected.at(-1) === '') expected.pop();
        const lines = await read(bytes, size);
        expect(lines.map((line) => line.text)).toEqual(expected);
        expect(lines.map((line) => line.number)).toEqual(expected.map((_, index) => index + 1));
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('lose a byte order mark in front, whole or in pieces, and keep one inside', async () => {
    const bytes = Buffer.from('\uFEFFa\n\uFEFFb\n');
    for (const size of [1, 2, 100]) {
      expect((await read(bytes, size)).map(({ text }) => text)).toEqual(['a', '\uFEFFb']);
    }
  });

  it('carry their bytes when they are not UTF-8, and leave their neighbours alone', async () => {
    const bytes = Buffer.concat([
      Buffer.from('good\n'),
      Buffer.from([0x62, 0xff, 0x0a]),
      Buffer.from('fine'),
    ]);
    const lines = await collected(linesOf(pieces(bytes, 100)));
    expect(
      lines.map(({ number, text, invalid }) => [number, invalid === undefined ? text : [...invalid]]),
    ).toEqual([
      [1, 'good'],
      [2, [0x62, 0xff]],
      [3, 'fine'],
    ]);
  });

  it('are none of an empty file, and none of one that holds only a byte order mark', async () => {
    expect(await read(Buffer.alloc(0))).toEqual([]);
    expect(await read(Buffer.from('\uFEFF'))).toEqual([]);
  });
});
