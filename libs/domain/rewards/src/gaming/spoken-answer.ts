/**
 * An answer as its user gets it. What it was worth to a reward model is not on it and cannot be: tripwires that read the reward would be gamed with it.
 * A type that has `base`, `score` or `reward` does not fit.
 */
export interface SpokenAnswer {
  readonly prompt: string;
  readonly text: string;
  readonly base?: never;
  readonly score?: never;
  readonly reward?: never;
}

/** The words of a text in order, in lower case. Signs are no words, an apostrophe within one belongs to it. */
export function wordsInOrder(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu) ?? [];
}
