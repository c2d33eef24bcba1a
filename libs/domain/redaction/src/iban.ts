import type { Pattern, Span } from './pattern.ts';

/** Length by country, from SWIFT's IBAN registry. */
const LENGTHS: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28 },
  ...{ CH: 21, CR: 22, CY: 28, CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18 },
  ...{ FK: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HR: 21, HU: 28, IE: 22 },
  ...{ IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20 },
  ...{ LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20, MR: 27, MT: 31, MU: 30, NI: 28, NL: 18 },
  ...{ NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, RU: 33, SA: 24, SC: 31 },
  ...{ SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26, UA: 29 },
  ...{ VA: 22, VG: 24, XK: 20 },
};

const BEGINNING = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}/g;

/** International bank account numbers, in one piece or in groups, whose check digits are right (ISO 13616). */
export const ibans: Pattern = {
  looks: 'one',
  test: (text) => /[A-Za-z]{2}\d{2}/.test(text),
  *spans(text): Generator<Span> {
    let reached = 0;
    for (const { index, 0: beginning } of text.matchAll(BEGINNING)) {
      const length = LENGTHS[beginning.slice(0, 2).toUpperCase()];
      if (index < reached || length === undefined) continue;
      const { number, end } = read(text, index, length);
      if (number.length !== length || /[A-Za-z0-9]/.test(text.charAt(end)) || remainder(number) !== 1)
        continue;
      yield { start: index, end };
      reached = end;
    }
  },
};

/** So many letters and digits, with at most one space or hyphen before each. */
function read(
  text: string,
  start: number,
  length: number,
): { readonly number: string; readonly end: number } {
  let number = '';
  let at = start;
  while (number.length < length) {
    const next = /[ -]/.test(text.charAt(at)) ? at + 1 : at;
    const character = text.charAt(next);
    if (!/^[A-Za-z0-9]$/.test(character)) break;
    number += character;
    at = next + 1;
  }
  return { number: number.toUpperCase(), end: at };
}

/** Of the number modulo 97 with its first four characters behind and its letters as 10 to 35. */
function remainder(number: string): number {
  let rest = 0;
  for (const character of number.slice(4) + number.slice(0, 4)) {
    for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest;
}
