import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpackBody } from './unpack-body.ts';

const KIB = 1024;
const nothing = (): void => undefined;
const text = Buffer.from('{"text":"play jazz"}'.repeat(1000));

describe.each([
  ['gzip', (bytes: Buffer) => gzipSync(bytes)],
  ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
] as const)('unpackBody of %s', (encoding, pack) => {
  const unpack = (packed: Buffer, maxBytes = 64 * KIB): Promise<Buffer> =>
    unpackBody(packed, encoding, maxBytes, nothing);

  it('gives the content of one frame, of several, and of none', async () => {
    const packed = pack(text);
    expect(await unpack(packed)).toEqual(text);
    expect(await unpack(Buffer.concat([packed, packed]))).toEqual(Buffer.concat([text, text]));
    expect(await unpack(Buffer.alloc(0))).toEqual(Buffer.alloc(0));
  });

  it('takes exactly as much as may be, and refuses a byte more', async () => {
    expect(await unpack(pack(Buffer.alloc(64 * KIB)))).toHaveLength(64 * KIB);
    await expect(unpack(pack(Buffer.alloc(64 * KIB + 1)))).rejects.toMatchObject({ code: 'body-too-large' });
  });

  it('stops a bomb at the bound, however much it would unfold to', async () => {
    let held = 0;
    const bomb = pack(Buffer.alloc(256 * KIB * KIB));
    const hold = (bytes: number): void => {
      held += bytes;
    };
    await expect(unpackBody(bomb, encoding, 64 * KIB, hold)).rejects.toMatchObject({
      code: 'body-too-large',
    });
    expect(held).toBeLessThanOrEqual(64 * KIB);
  });

  it('passes on what the memory of all says, and keeps nothing more', async () => {
    const full = new Error('full');
    const hold = (): never => {
      throw full;
    };
    await expect(unpackBody(pack(text), encoding, KIB * KIB, hold)).rejects.toMatchObject({ cause: full });
  });

  it.each([
    ['breaks off', (packed: Buffer) => packed.subarray(0, -3)],
    ['has noise behind it', (packed: Buffer) => Buffer.concat([packed, Buffer.from('noise')])],
    ['has zeros behind it', (packed: Buffer) => Buffer.concat([packed, Buffer.alloc(16)])],
    ['is not packed', () => text],
    ['begins and is no more', (packed: Buffer) => packed.subarray(0, 2)],
  ])('refuses a body that %s', async (_, spoil) => {
    await expect(unpack(spoil(pack(text)))).rejects.toMatchObject({ code: 'undecodable-body' });
  });
});

it('refuses a zstd frame that wants a larger window than a content encoding may have', async () => {
  const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 };
  const packed = zstdCompressSync(Buffer.alloc(20 * KIB * KIB), { params });
  await expect(unpackBody(packed, 'zstd', 64 * KIB * KIB, nothing)).rejects.toMatchObject({
    code: 'undecodable-body',
  });
});

it('refuses thousands of empty frames, each of which would be a decoder', async () => {
  const frames = Buffer.concat(Array.from({ length: 1000 }, () => zstdCompressSync(Buffer.alloc(0))));
  await expect(unpackBody(frames, 'zstd', KIB, nothing)).rejects.toMatchObject({ code: 'undecodable-body' });
});
