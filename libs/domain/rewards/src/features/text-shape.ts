import { kindOfUnit, UNIT } from './unit-kinds.ts';

/** What a text looks like whatever it says, in the order of `shapeOf`. */
export const SHAPE = [
  'logLength',
  'logWords',
  'distinctWords',
  'asks',
  'endsAsking',
  'exclaims',
  'digits',
  'capitals',
  'signs',
  'logSentences',
  'hasLines',
] as const;

/** Shares are of the text's units; logarithms are of one more than the count. An empty text is all zeros. O(length). */
export function shapeOf(text: string, words: ReadonlyMap<string, number>): readonly number[] {
  const length = Math.max(1, text.length);
  const seen = look(text);
  let said = 0;
  for (const times of words.values()) said += times;
  return [
    Math.log1p(text.length),
    Math.log1p(said),
    said === 0 ? 0 : words.size / said,
    Number(seen.questions > 0),
    Number(seen.last === QUESTION),
    Number(seen.exclamations > 0),
    seen.digits / length,
    seen.capitals / length,
    seen.signs / length,
    Math.log1p(seen.stops),
    Number(seen.lines > 0),
  ];
}

const QUESTION = 63;
const EXCLAMATION = 33;
const STOP = 46;
const LINE = 10;

function look(text: string): {
  questions: number;
  exclamations: number;
  stops: number;
  lines: number;
  digits: number;
  capitals: number;
  signs: number;
  last: number;
} {
  const seen = {
    questions: 0,
    exclamations: 0,
    stops: 0,
    lines: 0,
    digits: 0,
    capitals: 0,
    signs: 0,
    last: 0,
  };
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const kind = kindOfUnit(unit);
    if (unit === QUESTION) seen.questions++;
    else if (unit === EXCLAMATION) seen.exclamations++;
    else if (unit === STOP) seen.stops++;
    else if (unit === LINE) seen.lines++;
    else if (unit >= 48 && unit <= 57) seen.digits++;
    else if (unit >= 65 && unit <= 90) seen.capitals++;
    if (kind === UNIT.sign) seen.signs++;
    if (kind !== UNIT.blank) seen.last = unit;
  }
  seen.stops += seen.questions + seen.exclamations;
  return seen;
}
