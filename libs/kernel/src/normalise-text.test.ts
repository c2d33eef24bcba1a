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
    ['?', '?'],
    ['', ''],
    ['tab\tand\nline', 'tab and line'],
    ['a. b', 'a. b'],
  ])('makes %j into %j', (text, normal) => {
    expect(normaliseText(text)).toBe(normal);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = normaliseText(text);
        expect(normaliseText(once)).toBe(once);
      }),
      { seed: 5, numRuns: 2000 },
    );
  });

  it('says the same of plain ASCII whether it takes the short way or the long one', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '!', '?', ',', ';', ':', 'A', 'Z') }),
        (text) => {
          // A no-break space in front sends the same text the long way round.
          expect(normaliseText(text)).toBe(normaliseText(`\u00a0${text}`));
        },
      ),
      { seed: 6, numRuns: 2000 },
    );
  });
});
