import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Span } from './pattern.ts';
import { Effort, redactText, type PatternRule } from './redact-text.ts';

const MEGABYTE = 1_000_000;

const NAMES = new Set(['own', 'card']);

/** Matches of a letter, whose ends count how often anybody asks where they are. */
function counted(letter: string): { readonly rule: PatternRule; readonly looks: () => number } {
  let looks = 0;
  const spanAt = (at: number): Span => ({
    get start() {
      looks += 1;
      return at;
    },
    get end() {
      looks += 1;
      return at + 1;
    },
  });
  const pattern = {
    looks: 'one' as const,
    test: (text: string) => text.includes(letter),
    *spans(text: string) {
      for (let at = text.indexOf(letter); at >= 0; at = text.indexOf(letter, at + 1)) yield spanAt(at);
    },
  };
  return { rule: { name: 'own', pattern }, looks: () => looks };
}

/** How often the ends of matches are asked for in a text that is full of markers and of matches beside them. */
function looksIn(units: number): number {
  const { rule, looks } = counted('x');
  const piece = '[redacted:card]x ';
  const text = piece.repeat(units / piece.length);
  redactText(text, { rules: [rule], names: NAMES }, new Effort(), new Map());
  return looks();
}

describe('redactText', () => {
  it('does work in proportion to the text, also where it is full of markers: a megabyte', () => {
    const small = looksIn(MEGABYTE / 16);
    expect(small).toBeGreaterThan(MEGABYTE / 16 / 17);
    expect(looksIn(MEGABYTE)).toBeLessThan(17 * small);
  });

  it('takes of a marker all that a match reaches into, and nothing that lies within one, whichever comes first', () => {
    const marker = '[redacted:card]';
    const span = fc.tuple(fc.nat({ max: 80 }), fc.integer({ min: 1, max: 40 }));
    const texts = fc
      .array(fc.constantFrom('a', 'bc', marker), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, fc.array(span, { maxLength: 8 }), (text, wanted) => {
        const spans: Span[] = [];
        for (const [gap, length] of wanted) {
          const start = (spans.at(-1)?.end ?? 0) + (gap % 20);
          if (start + length <= text.length) spans.push({ start, end: start + length });
        }
        const once = { looks: 'one' as const, test: (given: string) => given === text, spans: () => spans };
        const rules = [{ name: 'own', pattern: once }];
        const redacted = redactText(text, { rules, names: NAMES }, new Effort(), new Map());
        expect(redacted).toBe(redactedLetterByLetter(text, spans));
      }),
    );
  });
});

/** The same said slowly: of every letter whether it goes, and a marker of its own for each stretch of matches that share a letter. */
function redactedLetterByLetter(text: string, spans: readonly Span[]): string {
  const markers = [...text.matchAll(/\[redacted:card\]/gu)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
  const taken = spans
    .filter(({ start, end }) => !markers.some((marker) => marker.start <= start && end <= marker.end))
    .map((one) => {
      const touched = markers.filter(({ start, end }) => start < one.end && one.start < end);
      return [one, ...touched];
    })
    .map((parts) => ({
      start: Math.min(...parts.map(({ start }) => start)),
      end: Math.max(...parts.map(({ end }) => end)),
    }));
  const stretches: { start: number; end: number }[] = [];
  for (const { start, end } of taken) {
    const last = stretches.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else stretches.push({ start, end });
  }
  const result = stretches.reduceRight(
    (left, { start, end }) => `${left.slice(0, start)}[redacted:own]${left.slice(end)}`,
    text,
  );
  return result.length > Math.max(text.length, 128) ? '[redacted:own]' : result;
}
