import fc from 'fast-check';
import { expect, it } from 'vitest';
import { takesMoreThan, utf8Bytes } from './utf8-bytes.ts';

it('counts bytes as an encoder writes them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, more) => {
      const whole = `${text}\ud800${more}`;
      const bytes = new TextEncoder().encode(whole).length;
      expect(utf8Bytes(whole)).toBe(bytes);
      expect(takesMoreThan(bytes, whole)).toBe(false);
      expect(takesMoreThan(bytes - 1, whole)).toBe(true);
    }),
    { seed: 11 },
  );
});
