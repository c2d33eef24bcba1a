import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_EVENT_LIMITS } from './event-limits.ts';
import { findExcess, isPlainlyWithin } from './find-excess.ts';

const limits = { ...DEFAULT_EVENT_LIMITS, textBytes: 60, nesting: 3 };

/** JSON in which any character of a text may stand as its escape. */
function escaped(value: unknown, isEscaped: (index: number) => boolean): string {
  let index = 0;
  return JSON.stringify(value).replaceAll(/[a-z_]/gu, (letter) =>
    isEscaped(index++) ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  );
}

describe('what the text of an event shows of its limits', () => {
  it('is never that all is well where a walk over the values finds too much', () => {
    const key = fc.constantFrom('a', '__proto__', 'xx');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 2 }).map(
          // By JSON, as only that gives an object a key of its own called __proto__.
          (entries): unknown =>
            JSON.parse(`{${entries.map(([k, v]) => `"${k}":${JSON.stringify(v)}`).join(',')}}`),
        ),
      ),
    }));
    let plain = 0;
    fc.assert(
      fc.property(value, fc.infiniteStream(fc.boolean()), (data, escapes) => {
        const flags: boolean[] = [];
        const text = escaped(data, (index) => (flags[index] ??= escapes.next().value ?? false));
        if (text.startsWith('"') || !isPlainlyWithin(text, limits)) return;
        plain += 1;
        expect(findExcess(JSON.parse(text), limits, 'data')).toBeUndefined();
      }),
      { numRuns: 2_000, seed: 1 },
    );
    expect(plain).toBeGreaterThan(200);
  });

  it.each([
    ['a short event', '{"a":[{"b":"c"}]}', true],
    ['brackets inside a text, which may as well be nesting', '{"a":"{{{{"}', false],
    ['a text that may be too long', `{"a":"${'x'.repeat(60)}"}`, false],
    ['the forbidden key', '{"__proto__":1}', false],
    ['a key that may be the forbidden one', '{"\\u005f_proto__":1}', false],
  ])('of %s', (_, text, expected) => {
    expect(isPlainlyWithin(text, limits)).toBe(expected);
  });
});
