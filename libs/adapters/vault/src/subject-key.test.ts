import { sealedIn } from '@heed/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshKeyBytes, freshKeyId, open, seal, subjectKey } from './subject-key.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.json(),
  fc.string({ unit: fc.constantFrom('\ud800', '\udfff', 'a', '\0', '😀'), maxLength: 20 }),
);
const newKey = () => subjectKey(freshKeyId(), freshKeyBytes());

function sealedBy(key: ReturnType<typeof newKey>, plain: string): { key: string; data: string } {
  const sealed = sealedIn(seal(key, plain));
  if (sealed === undefined) throw new Error('it is not sealed');
  return sealed;
}

describe('a sealed text', () => {
  const key = newKey();

  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(text, (plain) => open(key, sealedBy(key, plain)) === plain),
      { seed: 7, numRuns: 500 },
    );
  });

  it('is the same bytes for the same text, and others for another', () => {
    fc.assert(
      fc.property(text, text, (a, b) => (seal(key, a) === seal(key, b)) === (a === b)),
      { seed: 7, numRuns: 300 },
    );
  });

  it('names its key and shows nothing of what it says', () => {
    const secret = 'my postcode is 10999';
    const body = seal(key, JSON.stringify({ text: secret }));
    expect(sealedIn(body)?.key).toBe(key.id);
    const bytes = Buffer.from(sealedIn(body)?.data ?? '', 'base64');
    expect(body.includes(secret) || bytes.includes(secret)).toBe(false);
  });

  it('opens with no other key', () => {
    expect(open(newKey(), sealedBy(key, 'play jazz'))).toBeUndefined();
  });

  it('does not open when a single bit of it is another', () => {
    const { data } = sealedBy(key, 'play jazz');
    const bytes = Buffer.from(data, 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return open(key, { key: key.id, data: changed.toString('base64') }) === undefined;
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it.each(['', 'AAAA', 'A'.repeat(36)])('that is cut off is none: %j', (data) => {
    expect(open(key, { key: key.id, data })).toBeUndefined();
  });
});
