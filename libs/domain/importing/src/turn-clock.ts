import { rfc3339Ms } from '@heed/events';
import { fieldReader, optionalReader, type FieldReader } from './field-reader.ts';
import type { MappedTurn, Note } from './mapped-turn.ts';
import type { Mapping, TurnRule } from './mapping.ts';
import { placesText } from './places-of.ts';
import { isTimeMs, parseTimeFormat } from './time-format.ts';

export interface TurnTime {
  readonly timeMs: number;
  readonly isSynthetic: boolean;
}

/** When a turn was, from its own time, its record's, or the place where it stands; notes when that cannot be told. */
export type TurnClock = (
  record: unknown,
  turn: MappedTurn,
  index: number,
  note: Note,
) => TurnTime | undefined;

export function turnClock({ time, turns }: Mapping, rule: TurnRule): TurnClock {
  const own = rule.time === undefined ? undefined : timeReader(fieldReader(rule.time.path), rule.time);
  const ofRecord = timeReader(optionalReader(time.path), time);
  const start = time.start === undefined ? undefined : rfc3339Ms(time.start);
  const stepMs = (time.secondsPerTurn ?? 0) * 1000;
  const isFlat = turns !== undefined && turns.each === undefined;
  const missing = `there is no time at ${placesText(rule.time?.path ?? time.path ?? [])}`;

  return (record, turn, index, note) => {
    const ownMs = own?.(turn.items[0], note);
    if (ownMs !== undefined) return { timeMs: ownMs, isSynthetic: false };
    const recordMs = ofRecord(record, note);
    if (recordMs !== undefined && isFlat) return { timeMs: recordMs, isSynthetic: false };
    const beginMs = recordMs ?? start;
    if (beginMs === undefined) {
      note(missing);
      return undefined;
    }
    const timeMs = beginMs + index * stepMs;
    if (!Number.isNaN(beginMs) && !isTimeMs(timeMs))
      note('time.secondsPerTurn leads to a time that there is not');
    return { timeMs, isSynthetic: true };
  };
}

/** What cannot be read is noted and not a number; what is not there is undefined. */
function timeReader(
  read: FieldReader,
  { format, zone }: { readonly format: string; readonly zone: string },
): (item: unknown, note: Note) => number | undefined {
  const parse = parseTimeFormat(format, zone);
  return (item, note) => {
    const value = read(item);
    if (value === undefined || value === '' || typeof value === 'boolean') return undefined;
    const timeMs = parse?.(value);
    if (timeMs !== undefined) return timeMs;
    note(`the time is not in the format ${JSON.stringify(format)}`);
    return Number.NaN;
  };
}
