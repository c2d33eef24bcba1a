import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainBody, sealedBody, sealedIn, textOfPlain } from './sealed-body.ts';

describe('a body in the log', () => {
  it('tells what it is sealed with', () => {
    const sealed = { key: 'abcdefghij_-0123', data: 'aGVlZA==' };
    expect(sealedBody(sealed)).toBe('{"heed.sealed":{"key":"abcdefghij_-0123","data":"aGVlZA=="}}');
    expect(sealedIn(sealedBody(sealed))).toEqual(sealed);
  });

  it.each([
    '',
    '{}',
    '{"heed.sealed":{}}',
    '{"heed.sealed":{"key":"short","data":"AAAA"}}',
    ' {"heed.sealed":',
  ])('is not sealed when it does not say so in every letter: %s', (body) => {
    expect(sealedIn(body)).toBeUndefined();
  });

  it('is the text itself, whatever it is, and never looks like Heed’s own', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((rest) => `{"heed.sealed":${rest}`),
      fc.string().map((rest) => `{"heed.plain":${rest}`),
      fc.constant(sealedBody({ key: 'abcdefghij_-0123', data: 'AAAA' })),
    );
    fc.assert(
      fc.property(text, (one) => {
        const body = plainBody(one);
        return textOfPlain(body) === one && sealedIn(body) === undefined;
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it('is left as it is when somebody else wrote it in Heed’s form', () => {
    for (const body of ['{"heed.plain":', '{"heed.plain":1}', '{"heed.plain":"x"'])
      expect(textOfPlain(body)).toBe(body);
  });
});
