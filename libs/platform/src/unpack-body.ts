import { Fault } from '@heed/kernel';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import type { BodyEncoding } from './content-encoding.ts';

/** 8 MiB, the window that RFC 9659 gives zstd as a content encoding; by default a frame may ask for 128 MiB. */
const ZSTD_WINDOW_LOG = 23;

/** Frames one after another in one body; each is a decoder of its own, and an empty one has nine bytes. */
const MAX_FRAMES = 64;

type Decoder = ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>;

/**
 * The content of a packed body. Unpacking stops at the first byte over the bound, so a bomb costs what the bound allows and no more.
 *
 * @param maxBytes of the content
 * @param hold is told of every piece of content before it is kept, and may throw
 * @throws Fault `body-too-large`, `undecodable-body`, or what `hold` throws
 */
export async function unpackBody(
  packed: Buffer,
  encoding: BodyEncoding,
  maxBytes: number,
  hold: (bytes: number) => void,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let frames = 0;
  for (let rest = packed; rest.length > 0;) {
    if (++frames > MAX_FRAMES) throw undecodable(encoding, 'it has too many frames');
    const decoder = decoderOf(encoding);
    decoder.end(rest);
    try {
      for await (const piece of piecesOf(decoder)) {
        bytes += piece.length;
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        hold(piece.length);
        pieces.push(piece);
      }
    } catch (cause) {
      throw cause instanceof Fault ? cause : undecodable(encoding, reasonOf(cause), cause);
    }
    // A decoder ends with its frame; what comes behind must be another one, or the body is not what it says.
    if (decoder.bytesWritten === 0) throw undecodable(encoding, 'nothing of it can be read');
    rest = rest.subarray(decoder.bytesWritten);
  }
  return Buffer.concat(pieces, bytes);
}

function decoderOf(encoding: BodyEncoding): Decoder {
  return encoding === 'gzip'
    ? createGunzip()
    : createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } });
}

function piecesOf(decoder: Decoder): AsyncIterable<Buffer> {
  return decoder;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'it cannot be read';
}

function undecodable(encoding: BodyEncoding, why: string, cause?: unknown): Fault {
  return new Fault(
    'undecodable-body',
    `The body is not ${encoding} from its first byte to its last: ${why}.`,
    'Pack it again and send it whole; nothing of it was kept.',
    { cause },
  );
}

export function tooLarge(maxBytes: number): Fault {
  return new Fault(
    'body-too-large',
    `The body has more than ${String(maxBytes)} bytes.`,
    'Send smaller batches; a packed body counts as it is unpacked.',
  );
}
