import { createGunzip, createZstdDecompress } from 'node:zlib';
import { finished } from 'node:stream/promises';
import { ReadFault } from './read/read-fault.ts';

type Codec = 'gzip' | 'zstd';

/** Handed to the codec at a time: even a file compressed a thousand times then unfolds to 16 MB at most. */
const PIECE_BYTES = 16 * 1024;

/**
 * The content of bytes that may be gzip or zstd, told by their first bytes and not by a name. What could be unpacked before
 * a fault is handed out first; then a ReadFault is thrown.
 */
export async function* decompressed(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { head, rest } = await beginning(bytes, 4);
  const codec = codecOf(head);
  if (codec === undefined) yield* rest;
  else yield* unpacked(rest, codec);
}

/** The first bytes of a stream (fewer when it is shorter or fails), and the whole stream again, with its failure. */
export async function beginning(
  bytes: AsyncIterable<Buffer>,
  atLeast: number,
): Promise<{ head: Buffer; rest: AsyncIterable<Buffer> }> {
  const source = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let failure: Promise<never> | undefined;
  while (head.length < atLeast && failure === undefined) {
    const next = await source.next().catch((error: unknown) => {
      failure = Promise.reject(error instanceof Error ? error : new Error(String(error)));
      failure.catch(() => undefined);
    });
    if (next === undefined || next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head, rest: joined(head, source, failure) };
}

async function* joined(
  head: Buffer,
  source: AsyncIterator<Buffer>,
  failure: Promise<never> | undefined,
): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  await failure;
  yield* { [Symbol.asyncIterator]: () => source };
}

function codecOf(head: Buffer): Codec | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  return undefined;
}

async function* unpacked(bytes: AsyncIterable<Buffer>, codec: Codec): AsyncGenerator<Buffer> {
  let unpacker = new Unpacker(codec);
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length;) {
      const taken = await unpacker.push(chunk.subarray(at, at + PIECE_BYTES));
      yield* unpacker.take();
      unpacker.throwIfDamaged();
      at += taken;
      // Node ends a zstd stream after its first frame, but a file may be many (pzstd and appending make such).
      if (taken === 0 || unpacker.isOver) unpacker = new Unpacker(codec);
    }
  }
  await unpacker.end();
  yield* unpacker.take();
  unpacker.throwIfDamaged();
}

/**
 * One codec driven by hand: each piece is pushed through and its content taken before the next. A stream would throw away
 * what it holds when it fails.
 */
class Unpacker {
  isOver = false;
  readonly #codec: Codec;
  readonly #stream: ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>;
  #unpacked: Buffer[] = [];
  #fault: unknown;

  constructor(codec: Codec) {
    this.#codec = codec;
    this.#stream = codec === 'gzip' ? createGunzip() : createZstdDecompress();
    this.#stream.on('data', (piece: Buffer) => this.#unpacked.push(piece));
    this.#stream.on('end', () => (this.isOver = true));
    this.#stream.on('error', (error) => (this.#fault = error));
  }

  /** Answers how many bytes of the piece were taken. */
  async push(piece: Buffer): Promise<number> {
    const before = this.#stream.bytesWritten;
    await new Promise<void>((resolve) => {
      this.#stream.once('error', resolve);
      this.#stream.write(piece, () => {
        this.#stream.off('error', resolve);
        resolve();
      });
    });
    return this.#stream.bytesWritten - before;
  }

  async end(): Promise<void> {
    const ended = finished(this.#stream, { writable: false }).catch(() => undefined);
    this.#stream.end();
    await ended;
  }

  take(): readonly Buffer[] {
    const unpacked = this.#unpacked;
    this.#unpacked = [];
    return unpacked;
  }

  throwIfDamaged(): void {
    if (this.#fault !== undefined) throw damaged(this.#codec, this.#fault);
  }
}

function damaged(codec: Codec, cause: unknown): ReadFault {
  const why = cause instanceof Error ? cause.message : String(cause);
  const cut = /unexpected end/i.test(why);
  return new ReadFault(
    cut ? `the ${codec} data is cut off (${why})` : `the ${codec} data is damaged (${why})`,
    'Get the file again, or unpack what is left of it yourself; importing it again doubles nothing.',
    { cause },
  );
}
