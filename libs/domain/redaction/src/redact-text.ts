import { markerOf, markersIn } from './marker.ts';
import type { Pattern, Span } from './pattern.ts';

/** A rule that finds what it takes out by a pattern. */
export interface PatternRule {
  readonly name: string;
  readonly pattern: Pattern;
}

/** How often each rule took something out. */
export type Redactions = Map<string, number>;

/**
 * How much looking for matches one body may take: each next match is a look at the rest of its text, and there are patterns for which every
 * look goes to the end. Characters; beyond it a text in which something matches goes as a whole.
 */
export class Effort {
  #left: number;

  constructor(characters = 4_000_000) {
    this.#left = characters;
  }

  /** False when there is none left. */
  spend(characters: number): boolean {
    this.#left -= characters;
    return this.#left >= 0;
  }
}

/** Taking something out may bring forth a match that was none before. After so many rounds the whole text goes. */
const ROUNDS = 4;

/** A text may grow to this many UTF-16 units by its markers, which is within the limit of every field, and beyond it not at all. */
const SMALL = 128;

export interface TextRules {
  /** In the order in which they give their names. */
  readonly rules: readonly PatternRule[];
  /** Of all rules there are: what looks like a marker of another is a text like any other. */
  readonly names: ReadonlySet<string>;
}

interface Found extends Span {
  readonly rule: string;
}

/**
 * The text with a marker in the place of everything that a rule matches. Rules all look at the same text, not at what others left of it; what overlaps
 * goes as one, under the name of the rule that stands first. A match within a marker counts for nothing, so doing it again changes nothing.
 */
export function redactText(
  text: string,
  { rules, names }: TextRules,
  effort: Effort,
  redactions: Redactions,
): string {
  let current = text;
  for (let round = 0; ; round++) {
    const looked = look(current, rules, markersIn(current, names), effort);
    const [first] = looked.found;
    if (first === undefined) break;
    if (looked.exhausted || round === ROUNDS) {
      count(redactions, first.rule);
      return markerOf(first.rule);
    }
    for (const { rule } of looked.found) count(redactions, rule);
    current = replaced(current, looked.found);
    if (current.length > Math.max(text.length, SMALL)) return markerOf(first.rule);
  }
  return current;
}

export function count(redactions: Redactions, rule: string): void {
  redactions.set(rule, (redactions.get(rule) ?? 0) + 1);
}

/** Disjoint stretches to take out, from left to right; none when nothing matches. */
function look(
  text: string,
  rules: readonly PatternRule[],
  markers: readonly Span[],
  effort: Effort,
): { readonly found: readonly Found[]; readonly exhausted: boolean } {
  const found: Found[] = [];
  for (const { name, pattern } of rules) {
    if (!pattern.test(text)) continue;
    const outside = outsideOf(markers);
    let from = 0;
    for (const span of pattern.spans(text)) {
      const taken = outside(span);
      if (taken !== undefined) found.push({ ...taken, rule: name });
      if (pattern.looks === 'each' && !effort.spend(text.length - from))
        return { found: [{ rule: name, start: 0, end: text.length }], exhausted: true };
      from = span.end;
    }
  }
  return { found: found.length === 0 ? found : merged(found), exhausted: false };
}

/**
 * What a match takes: nothing within a marker, and of a marker that it reaches into all, because half a marker is none. To be asked for matches from left
 * to right, none overlapping another: so all of them together cost one way along the markers.
 */
function outsideOf(markers: readonly Span[]): (match: Span) => Span | undefined {
  let at = 0;
  return ({ start, end }) => {
    while (isBefore(markers[at], start)) at += 1;
    const first = markers[at];
    if (first === undefined || first.start >= end) return { start, end };
    if (first.start <= start && end <= first.end) return undefined;
    // The last one may reach into the next match as well.
    while ((markers[at + 1]?.start ?? end) < end) at += 1;
    return { start: Math.min(start, first.start), end: Math.max(end, markers[at]?.end ?? end) };
  };
}

function isBefore(marker: Span | undefined, start: number): boolean {
  return marker !== undefined && marker.end <= start;
}

/** `found` is in the order of the rules, so of those that overlap the first to come gives the name. */
function merged(found: readonly Found[]): readonly Found[] {
  const order = new Map(found.map((one, index) => [one, index]));
  const precedes = (one: Found, other: Found): boolean => (order.get(one) ?? 0) < (order.get(other) ?? 0);
  const inText = [...found].sort((a, b) => a.start - b.start);
  const stretches: { start: number; end: number; by: Found }[] = [];
  for (const one of inText) {
    const last = stretches.at(-1);
    if (last === undefined || one.start >= last.end) {
      stretches.push({ start: one.start, end: one.end, by: one });
      continue;
    }
    last.end = Math.max(last.end, one.end);
    if (precedes(one, last.by)) last.by = one;
  }
  return stretches.map(({ start, end, by }) => ({ start, end, rule: by.rule }));
}

function replaced(text: string, found: readonly Found[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, rule } of found) {
    result += text.slice(from, start) + markerOf(rule);
    from = end;
  }
  return result + text.slice(from);
}
