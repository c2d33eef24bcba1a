import type { Pattern, Span } from './pattern.ts';

/** Groups of digits with one space or hyphen between them. Each digit can be reached in one way only. */
const RUN = /\d(?:[ -]?\d){12,}/g;
const SHORTEST = 13;
const LONGEST = 19;

/** 13 to 19 digits that begin as a card's do and whose check digit (Luhn) is right; whole groups of a longer run of digits too. */
export const paymentCards: Pattern = {
  looks: 'one',
  test: (text) => /\d/.test(text),
  *spans(text): Generator<Span> {
    for (const { index, 0: run } of text.matchAll(RUN)) {
      for (const { start, end } of cardsIn(run)) yield { start: index + start, end: index + end };
    }
  },
};

function* cardsIn(run: string): Generator<Span> {
  const groups = [...run.matchAll(/\d+/g)].map(({ index, 0: digits }) => ({ start: index, digits }));
  for (let first = 0; first < groups.length; first++) {
    const last = lastGroup(groups.slice(first, first + LONGEST).map(({ digits }) => digits));
    const [from, to] = [groups[first], groups[first + last]];
    if (last < 0 || from === undefined || to === undefined) continue;
    yield { start: from.start, end: to.start + to.digits.length };
    first += last;
  }
}

/** Index of the group with which the longest card ends that begins with the first group, -1 when none does. */
function lastGroup(groups: readonly string[]): number {
  let digits = '';
  let found = -1;
  for (const [index, group] of groups.entries()) {
    digits += group;
    if (digits.length > LONGEST) break;
    if (digits.length >= SHORTEST && /^[3-6]|^2[2-7]|^9/.test(digits) && passesLuhn(digits)) found = index;
  }
  return found;
}

/** The check that ISO/IEC 7812 has cards carry: every second digit from the right doubled, its digits summed, all divisible by ten. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const counted = i % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}
