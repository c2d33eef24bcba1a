/** What a UTF-16 unit is to a reader of words. */
export const UNIT = { unknown: 0, blank: 1, letter: 2, sign: 3 } as const;

/** Filled as units are met: a regular expression is asked once for each. */
const kinds = new Uint8Array(65_536);

/** Letters, digits, marks and halves of surrogate pairs are letters; what is neither a letter nor blank stands for itself. */
export function kindOfUnit(unit: number): number {
  const known = kinds[unit];
  if (known !== undefined && known !== UNIT.unknown) return known;
  const kind = classify(unit);
  kinds[unit] = kind;
  return kind;
}

function classify(unit: number): number {
  const text = String.fromCharCode(unit);
  if (/[\s\p{Cc}]/u.test(text)) return UNIT.blank;
  return /[\p{L}\p{M}\p{N}\p{Cs}]/u.test(text) ? UNIT.letter : UNIT.sign;
}
