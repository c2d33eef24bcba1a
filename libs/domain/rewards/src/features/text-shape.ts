/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { UnitList } from './text-units.ts';
import { kindOfUnit, UNIT } from './unit-kinds.ts';
import type { WordSet } from './word-set.ts';

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

/** What of a unit is counted. Signs are from `question` to `sign`. */
const LOOK = {
  letter: 0,
  digit: 1,
  capital: 2,
  question: 3,
  exclamation: 4,
  stop: 5,
  sign: 6,
  line: 7,
  blank: 8,
};

/** By unit; filled with what `lookOf` says, and one more, as units are met. */
const looks = new Uint8Array(65_536);
/** Of the text in hand, by look. */
const seen = new Int32Array(Object.keys(LOOK).length);

/** Of a text as it is written. Shares are of the text's units; logarithms are of one more than the count. An empty text is all zeros. O(length). */
export function shapeOf({ units, length }: UnitList, words: WordSet): readonly number[] {
  seen.fill(0);
  for (let at = 1; at <= length; at++) {
    const unit = units[at]!;
    seen[(looks[unit]! || (looks[unit] = 1 + lookOf(unit))) - 1]!++;
  }
  const [, digits = 0, capitals = 0, questions = 0, exclamations = 0, stops = 0, others = 0, lines = 0] =
    seen;
  let last = length;
  while (last > 0 && kindOfUnit(units[last]!) === UNIT.blank) last--;
  const all = Math.max(1, length);
  return [
    Math.log1p(length),
    Math.log1p(words.said),
    words.said === 0 ? 0 : words.size / words.said,
    Number(questions > 0),
    Number(String.fromCharCode(units[last]!) === '?'),
    Number(exclamations > 0),
    digits / all,
    capitals / all,
    (questions + exclamations + stops + others) / all,
    Math.log1p(stops + questions + exclamations),
    Number(lines > 0),
  ];
}

function lookOf(unit: number): number {
  const text = String.fromCharCode(unit);
  if (text === '?') return LOOK.question;
  if (text === '!') return LOOK.exclamation;
  if (text === '.') return LOOK.stop;
  if (text === '\n') return LOOK.line;
  if (text >= '0' && text <= '9') return LOOK.digit;
  if (text >= 'A' && text <= 'Z') return LOOK.capital;
  const kind = kindOfUnit(unit);
  return kind === UNIT.sign ? LOOK.sign : kind === UNIT.blank ? LOOK.blank : LOOK.letter;
}
