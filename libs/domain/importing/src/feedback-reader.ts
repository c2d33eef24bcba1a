import { draftOf, type EventDraft } from './event-draft.ts';
import { fieldReader } from './field-reader.ts';
import type { Note } from './mapped-turn.ts';
import type { OutcomeRule, RatingRule } from './mapping.ts';
import { asNumber, asOutcome } from './read-scalar.ts';

/** Whose and which turn's a rating or an outcome is; without a turn it is the session's. */
export interface FeedbackTarget {
  readonly turn?: string;
  readonly user?: string;
  readonly timeMs: number;
  /** Begins the names of the events, so that they differ within the record. */
  readonly part: string;
}

export type FeedbackReader = (item: unknown, target: FeedbackTarget, note: Note) => readonly EventDraft[];

export function ratingsReader(rules: readonly RatingRule[]): FeedbackReader {
  const readers = rules.map(({ value, ...rule }) => ({ ...rule, read: fieldReader(value) }));
  return (item, { turn, user, timeMs, part }, note) =>
    readers.flatMap(({ aspect, scale, by, read }) => {
      const value = asNumber(read(item), `the rating ${JSON.stringify(aspect)}`, note);
      if (value === undefined) return [];
      const whose = { ...(turn === undefined ? {} : { turn }), ...(user === undefined ? {} : { user }) };
      return [draftOf('rating', `${part}rating.${aspect}`, timeMs, { ...whose, aspect, value, scale, by })];
    });
}

export function outcomesReader(rules: readonly OutcomeRule[]): FeedbackReader {
  const readers = rules.map(({ name, value }) => ({ name, read: fieldReader(value) }));
  return (item, { turn, timeMs, part }, note) =>
    readers.flatMap(({ name, read }) => {
      const value = asOutcome(read(item), `the outcome ${JSON.stringify(name)}`, note);
      if (value === undefined) return [];
      return [
        draftOf('outcome', `${part}outcome.${name}`, timeMs, {
          ...(turn === undefined ? {} : { turn }),
          name,
          value,
        }),
      ];
    });
}
