import { draftOf, type EventDraft } from './event-draft.ts';
import { outcomesReader, ratingsReader, type FeedbackTarget } from './feedback-reader.ts';
import { fieldReader, optionalReader, type Scalar } from './field-reader.ts';
import type { MappedTurn, Note } from './mapped-turn.ts';
import type { Mapping, TurnRule } from './mapping.ts';
import { asText } from './read-scalar.ts';
import { withoutUndefined } from './without-undefined.ts';

/** What the mapper knows of a turn beside what the turn says. */
export interface TurnPlace {
  readonly record: unknown;
  readonly turn: string;
  readonly user?: string;
  readonly timeMs: number;
  /** Whether the time was made up, because the log has none. */
  readonly isTimeSynthetic: boolean;
  readonly part: string;
}

export type TurnEvents = (turn: MappedTurn, place: TurnPlace, note: Note) => readonly EventDraft[];

/** Compiles what becomes of a turn: the turn itself, then every reaction, rating and outcome in its items. */
export function turnEvents(mapping: Mapping, rule: TurnRule): TurnEvents {
  const [locale, surface] = [optionalReader(mapping.locale), optionalReader(mapping.surface)];
  const attributes = Object.entries(rule.attributes).map(
    ([name, field]) => [name, fieldReader(field)] as const,
  );
  const kinds = rule.reactions.map(({ kind }) => fieldReader(kind));
  const [ratings, outcomes] = [ratingsReader(rule.ratings), outcomesReader(rule.outcomes)];

  return (
    { request, response, model, latencyMs, items },
    { record, isTimeSynthetic, part, ...whose },
    note,
  ) => {
    const { turn, user, timeMs } = whose;
    const own = attributes.map(([name, read]) => [name, items.map(read).find(isPresent)] as const);
    const noted = Object.fromEntries<Scalar>([
      ...own.filter(hasValue),
      ...(isTimeSynthetic ? [SYNTHETIC] : []),
    ]);
    const data = withoutUndefined({
      turn,
      user,
      request: { text: request },
      response: response === undefined ? undefined : withoutUndefined({ text: response, model }),
      latencyMs,
      locale: asText(locale(record)),
      surface: asText(surface(record)),
      attributes: Object.keys(noted).length === 0 ? undefined : noted,
    });
    const feedback = items.flatMap((item, index) => {
      const target: FeedbackTarget = { ...whose, part: `${part}.${index}.` };
      return [
        ...kinds.flatMap((read, rule) => {
          const kind = asText(read(item));
          const name = `${target.part}reaction.${rule}`;
          return kind === undefined
            ? []
            : [draftOf('reaction', name, timeMs, withoutUndefined({ turn, user, kind }))];
        }),
        ...ratings(item, target, note),
        ...outcomes(item, target, note),
      ];
    });
    return [draftOf('turn', part, timeMs, data), ...feedback];
  };
}

const SYNTHETIC = ['syntheticTime', true] as const;

function isPresent(value: Scalar | undefined): boolean {
  return value !== undefined;
}

function hasValue(entry: readonly [string, Scalar | undefined]): entry is readonly [string, Scalar] {
  return entry[1] !== undefined;
}
