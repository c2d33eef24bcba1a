import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseText } from './normalise-text.ts';

describe('normaliseText', () => {
  it.each([
    ['play jazz', 'play jazz'],
    ['  Play   JAZZ!! ', 'play jazz'],
    ['what time is it?', 'what time is it'],
    ['ＣＡＦÉ\u00a0menu…', 'café menu'],
    ['Straße', 'straße'],
    ['J\u030C', '\u01F0'],
    ['?', '?'],
    ['', ''],
    ['tab\tand\nline', 'tab and line'],
    ['a\u0000b\u007fc\u0085d\u009fe', 'a b c d e'],
    ['play jazz\u001ffix-1', 'play jazz fix-1'],
    ['\u001f', ''],
    ['a. b', 'a. b'],
    ['sum {a, b}', 'sum {a, b'],
  ])('makes %j into %j', (text, normal) => {
    expect(normaliseText(text)).toBe(normal);
  });

  // Bases whose lower case composes with a mark that their upper case does not compose with, and text at large.
  const BASES = [
    'J',
    'H',
    'T',
    'W',
    'Y',
    'A',
    'İ',
    'I',
    'Σ',
    'ẞ',
    'ʾ',
    'Ω',
    'K',
    'ﬀ',
    '½',
    ' ',
    '\u001f',
    '}',
  ];
  const MARKS = ['\u0300', '\u0301', '\u0307', '\u0308', '\u030a', '\u030c', '\u0331', '\u0342', '\u0345'];
  const accented = fc.string({ unit: fc.constantFrom(...BASES, ...MARKS) });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), accented),
        (text) => {
          const once = normaliseText(text);
          expect(normaliseText(once)).toBe(once);
        },
      ),
      { seed: 5, numRuns: 4000 },
    );
  });

  it('leaves no control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 0x9f }), (text, code) => {
        expect(normaliseText(text + String.fromCharCode(code) + text)).not.toMatch(/\p{Cc}/u);
      }),
      { seed: 7, numRuns: 1000 },
    );
  });

  it('says the same of plain ASCII whether it takes the short way or the long one', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '!', '?', ',', ';', ':', '{', '}', 'A', 'Z') }),
        (text) => {
          // A no-break space in front sends the same text the long way round.
          expect(normaliseText(text)).toBe(normaliseText(`\u00a0${text}`));
        },
      ),
      { seed: 6, numRuns: 2000 },
    );
  });

  // Quadratic time would take minutes here, and the test's time limit with it.
  it('takes a mebibyte of punctuation before a letter, and of blanks, in its stride', () => {
    const dots = '.'.repeat(1 << 20);

    expect(normaliseText(`${dots}a`)).toBe(`${dots}a`);
    expect(normaliseText(`a${dots}`)).toBe('a');
    expect(normaliseText(`a${' \u001f'.repeat(1 << 19)}a`)).toBe('a a');
  });
});
