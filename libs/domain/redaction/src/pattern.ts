import type { Result } from '@heed/kernel';

/** A part of a text, in UTF-16 units: `start <= i < end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A pattern made ready. */
export interface Pattern {
  /** Whether it may be in the text. One look, in proportion to the text's length. False only when `spans` would be empty. */
  test(text: string): boolean;
  /** Every match from left to right, none empty, none overlapping another. */
  spans(text: string): Iterable<Span>;
  /** How many looks it takes to find all matches: one, or another one at the rest of the text for each. */
  readonly looks: 'one' | 'each';
}

export interface PatternOptions {
  readonly ignoreCase: boolean;
}

/** The port to a regular expression engine whose looks take linear time. The error says what is wrong with the pattern. */
export type CompilePattern = (pattern: string, options: PatternOptions) => Result<Pattern, string>;
