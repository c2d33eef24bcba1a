import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pieces } from '../testing/fake-shell.ts';
import { decompressed } from './decompress.ts';

const content = Buffer.from(
  Array.from({ length: 30_000 }, (_, i) => `line ${i} ${(i * 7919) % 1009}\n`).join(''),
);

async function unpack(bytes: Buffer): Promise<{ content: Buffer; fault?: string }> {
  const got: Buffer[] = [];
  try {
    for await (const piece of decompressed(pieces(bytes, 10_000))) got.push(piece);
    return { content: Buffer.concat(got) };
  } catch (error) {
    return { content: Buffer.concat(got), fault: String(error) };
  }
}

it('hands out as it is what is not compressed, even less than a magic number', async () => {
  expect((await unpack(content)).content.equals(content)).toBe(true);
  expect((await unpack(Buffer.from('a'))).content.toString()).toBe('a');
  expect((await unpack(Buffer.alloc(0))).content).toHaveLength(0);
});

describe.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const)('%s', (name, compress) => {
  const packed = compress(content);

  it('is told by its first bytes and unpacked', async () => {
    expect((await unpack(packed)).content.equals(content)).toBe(true);
  });

  it('is unpacked to its end when it is several files in one', async () => {
    const { content: got } = await unpack(Buffer.concat([packed, packed, packed]));
    expect(got.equals(Buffer.concat([content, content, content]))).toBe(true);
  });

  it.each([0.5, 0.9])('gives what is there and then says that it is cut off at %f', async (share) => {
    const { content: got, fault } = await unpack(packed.subarray(0, Math.floor(packed.length * share)));
    expect(fault).toContain(`the ${name} data is cut off`);
    expect(got.length).toBeGreaterThan(0);
    expect(content.subarray(0, got.length).equals(got)).toBe(true);
  });

  it('says that it is damaged', async () => {
    const damaged = Buffer.from(packed);
    damaged.fill(0xaa, packed.length >> 1, (packed.length >> 1) + 300);
    expect((await unpack(damaged)).fault).toMatch(/damaged|cut off/);
  });
});
