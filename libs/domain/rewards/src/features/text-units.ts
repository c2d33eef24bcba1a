/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { kindOfUnit, UNIT } from './unit-kinds.ts';

/** Texts are read up to here, in UTF-16 units: an answer says what it is like long before. */
export const MOST_UNITS = 16_384;

/** What stands for every blank once a text is folded. */
export const BLANK = 32;

export function cut(text: string): string {
  return text.length > MOST_UNITS ? text.slice(0, MOST_UNITS) : text;
}

/** The UTF-16 units of a text at 1 to `length`, a blank before the first and one behind the last. */
export class UnitList {
  units = new Uint16Array(1024);
  length = 0;

  take(text: string): void {
    const { length } = text;
    const units = this.makeRoom(length);
    for (let at = 0; at < length; at++) units[at + 1] = text.charCodeAt(at);
    units[length + 1] = BLANK;
  }

  /** For so many units, to be written by the caller. */
  makeRoom(length: number): Uint16Array {
    if (length + 2 > this.units.length) this.units = new Uint16Array(2 * (length + 2));
    this.units[0] = BLANK;
    this.units[length + 1] = BLANK;
    this.length = length;
    return this.units;
  }
}

/**
 * One text as features are read from it, up to `MOST_UNITS`: its units as they are written, in lower case, by which words are told apart, and folded, of which
 * grams are made: in lower case, without the compatibility forms of Unicode (NFKC). Of the last two any blank is `BLANK`.
 * What it holds is overwritten by the next text. O(length).
 */
export class TextUnits {
  readonly written = new UnitList();
  readonly #first = new UnitList();
  readonly #second = new UnitList();
  lowered = this.#first;
  folded = this.#first;

  read(text: string): this {
    const read = cut(text);
    this.written.take(read);
    this.lowered = this.#first;
    this.folded = this.#first;
    if (foldSimply(this.written, this.#first)) return this;
    this.folded = this.#second;
    this.lowered.take(read.toLowerCase());
    this.folded.take(read.normalize('NFKC').toLowerCase());
    unifyBlanks(this.lowered);
    unifyBlanks(this.folded);
    return this;
  }
}

/** Units below this do not change with what stands beside them: no marks, no final sigma. */
const SIMPLE = 0x300;
const NOT_SIMPLE = 0xffff;

/** Of each such unit its lower case, where folding says the same; `NOT_SIMPLE` where it says another or more than one. */
const simpleFolds = Uint16Array.from({ length: SIMPLE }, (_, unit) => {
  const text = String.fromCharCode(unit);
  if (kindOfUnit(unit) === UNIT.blank) return BLANK;
  const folded = text.normalize('NFKC').toLowerCase();
  return folded.length === 1 && folded === text.toLowerCase() ? folded.charCodeAt(0) : NOT_SIMPLE;
});

/** Returns whether all of it is simple. */
function foldSimply(from: UnitList, to: UnitList): boolean {
  const { units, length } = from;
  const folded = to.makeRoom(length);
  for (let at = 1; at <= length; at++) {
    const unit = units[at]!;
    if (unit >= SIMPLE) return false;
    const fold = simpleFolds[unit]!;
    if (fold === NOT_SIMPLE) return false;
    folded[at] = fold;
  }
  return true;
}

function unifyBlanks({ units, length }: UnitList): void {
  for (let at = 1; at <= length; at++) if (kindOfUnit(units[at]!) === UNIT.blank) units[at] = BLANK;
}
