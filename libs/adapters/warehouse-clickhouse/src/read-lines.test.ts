import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from './read-lines.ts';

async function lines(chunks: readonly Buffer[]): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const line of linesOf(chunksOf(chunks))) found.push(line);
  return found;
}

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

describe('linesOf', () => {
  it('gives the same lines however the bytes come in pieces, also where a character is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '))),
        fc.array(fc.nat({ max: 12 })),
        async (texts, sizes) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          const chunks: Buffer[] = [];
          let at = 0;
          for (const size of sizes) chunks.push(bytes.subarray(at, (at += size)));
          expect(await lines([...chunks, bytes.subarray(at)])).toEqual(texts);
        },
      ),
    );
  });

  it('gives a last line that has no end', async () => {
    expect(await lines([Buffer.from('a\nb')])).toEqual(['a', 'b']);
  });
});
