import type { Span } from './pattern.ts';

/** What stands where something was taken out. */
export function markerOf(rule: string): string {
  return `[redacted:${rule}]`;
}

const MARKER = /\[redacted:(?<rule>[a-z0-9-]+)\]/g;

/** Markers of these rules in a text: what was taken out before, by whoever. */
export function markersIn(text: string, rules: ReadonlySet<string>): readonly Span[] {
  if (!text.includes('[redacted:')) return [];
  return [...text.matchAll(MARKER)]
    .filter(({ groups }) => rules.has(groups?.['rule'] ?? ''))
    .map(({ index, 0: { length } }) => ({ start: index, end: index + length }));
}
