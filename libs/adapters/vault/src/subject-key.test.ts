import { createCipheriv, createHmac } from 'node:crypto';
import { sealedIn } from '@heed/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  freshKeyBytes,
  freshKeyId,
  open,
  openingKey,
  seal,
  sealingKey,
  type SealingKey,
} from './subject-key.ts';

/** Longer than what counters are enciphered at once for, and than what most texts are worked on in. */
const LONG = 100_000;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.nat(LONG).map((length) => 'long '.repeat(length / 5)),
  fc.json(),
  fc.string({ unit: fc.constantFrom('\ud800', '\udfff', 'a', '\0', '😀'), maxLength: 20 }),
);
function newKeys() {
  const [id, bytes] = [freshKeyId(), freshKeyBytes()];
  return { sealing: sealingKey(id, bytes), opening: openingKey(id, bytes) };
}

function sealedBy(key: SealingKey, plain: string): { key: string; data: string } {
  const sealed = sealedIn(seal(key, plain));
  if (sealed === undefined) throw new Error('it is not sealed');
  return sealed;
}

describe('a sealed text', () => {
  const { sealing, opening } = newKeys();

  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(text, (plain) => open(opening, sealedBy(sealing, plain)) === plain),
      { seed: 7, numRuns: 500 },
    );
  });

  it('is the same bytes for the same text, and others for another', () => {
    fc.assert(
      fc.property(text, text, (a, b) => (seal(sealing, a) === seal(sealing, b)) === (a === b)),
      { seed: 7, numRuns: 300 },
    );
  });

  it('names its key and shows nothing of what it says', () => {
    const secret = 'my postcode is 10999';
    const body = seal(sealing, JSON.stringify({ text: secret }));
    expect(sealedIn(body)?.key).toBe(sealing.id);
    const bytes = Buffer.from(sealedIn(body)?.data ?? '', 'base64');
    expect(body.includes(secret) || bytes.includes(secret)).toBe(false);
  });

  it("is what Node's own HMAC and counter mode make of the key and the text", () => {
    const key = freshKeyBytes();
    const own = sealingKey(freshKeyId(), key);
    fc.assert(
      fc.property(text, (said) => {
        const plain = said.isWellFormed()
          ? Buffer.concat([Buffer.from([8]), Buffer.from(said, 'utf8')])
          : Buffer.concat([Buffer.from([16]), Buffer.from(said, 'utf16le')]);
        const iv = createHmac('sha256', key.subarray(32)).update(plain).digest().subarray(0, 16);
        iv.writeUInt8(iv.readUInt8(12) & 0x7f, 12);
        const cipher = createCipheriv('aes-256-ctr', key.subarray(0, 32), iv);
        return sealedBy(own, said).data === Buffer.concat([iv, cipher.update(plain)]).toString('base64');
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('opens with no other key', () => {
    expect(open(newKeys().opening, sealedBy(sealing, 'play jazz'))).toBeUndefined();
  });

  it('does not open when a single bit of it is another', () => {
    const { data } = sealedBy(sealing, 'play jazz');
    const bytes = Buffer.from(data, 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return open(opening, { key: opening.id, data: changed.toString('base64') }) === undefined;
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it.each(['', 'AAAA', 'A'.repeat(36)])('that is cut off is none: %j', (data) => {
    expect(open(opening, { key: opening.id, data })).toBeUndefined();
  });
});
