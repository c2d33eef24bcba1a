/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexed below its length */

/** One field of a protobuf message: its number, and its bytes where it has a length. */
export interface ProtobufField {
  readonly number: number;
  /** Part of the message's own memory; absent for numbers. */
  readonly bytes?: Uint8Array;
}

/** The bytes end within a field. */
export class ProtobufCutShort extends Error {}

/** The bytes are no protobuf message. */
export class NotProtobuf extends Error {}

const WIRE = { varint: 0, eightBytes: 1, withLength: 2, fourBytes: 5 } as const;
const MOST_VARINT_BYTES = 10;

/**
 * The fields of a message, in their order, without a look into those with a length: what a model of megabytes says of itself costs nothing to find.
 * Source: https://protobuf.dev/programming-guides/encoding. Throws ProtobufCutShort and NotProtobuf.
 */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  while (at < message.length) {
    const key = varintAt(message, at);
    const number = Math.floor(key.value / 8);
    if (number === 0) throw new NotProtobuf();
    at = key.end;
    const wire = key.value % 8;
    if (wire === WIRE.varint) {
      at = varintAt(message, at).end;
      yield { number };
      continue;
    }
    const [from, length] = sizeAt(message, at, wire);
    if (from + length > message.length) throw new ProtobufCutShort();
    yield { number, ...(wire === WIRE.withLength && { bytes: message.subarray(from, from + length) }) };
    at = from + length;
  }
}

function sizeAt(message: Uint8Array, at: number, wire: number): readonly [from: number, length: number] {
  switch (wire) {
    case WIRE.withLength: {
      const { value, end } = varintAt(message, at);
      return [end, value];
    }
    case WIRE.eightBytes:
      return [at, 8];
    case WIRE.fourBytes:
      return [at, 4];
    default:
      throw new NotProtobuf();
  }
}

/** Seven bits a byte, the lowest first. Beyond 2^53 the value is not exact, and longer than any file. */
function varintAt(message: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let n = 0; n < MOST_VARINT_BYTES; n++) {
    if (from + n >= message.length) throw new ProtobufCutShort();
    const byte = message[from + n]!;
    value += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) return { value, end: from + n + 1 };
  }
  throw new NotProtobuf();
}
