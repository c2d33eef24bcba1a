import { textsOf, type Aftermath } from '../answered-turn.ts';
import { PLACE_BITS, type ReadableTurn } from './feature-reader.ts';
import { MOST_UNITS } from './text-units.ts';
import { wordsIn } from './words-in.ts';

/** What one turn reads as, said as plainly as it can be: strings and maps, and nothing kept from text to text. What reads fast is held equal to it. */
export interface PlainFeatures {
  readonly bags: readonly (readonly (readonly [place: number, weight: number])[])[];
  readonly numbers: readonly number[];
}

const BLANK = /[\s\p{Cc}]/u;
const LETTER = /[\p{L}\p{M}\p{N}\p{Cs}]/u;
const BEHAVIOURS = 'regenerated copied edited clicked dwelled interrupted abandoned escalated stopped'.split(
  ' ',
);

export function plainFeatures(turn: ReadableTurn, withAftermath: boolean): PlainFeatures {
  const { request, response, earlier } = textsOf(turn);
  const after: Aftermath = turn.aftermath ?? { next: '', behaviour: [] };
  const cut = (text: string): string => text.slice(0, MOST_UNITS);
  const texts = [request, response, ...(withAftermath ? [after.next] : [])].map(cut);
  const words = texts.map((text) => [...wordsIn(text).keys()]);
  const [ofRequest = [], ofResponse = [], ofNext = []] = words;
  return {
    bags: texts.flatMap((text, n) => [plainWords(text, 2 * n + 1), plainLetters(text, 2 * n + 2)]),
    numbers: [
      ...texts.flatMap(shape),
      ...overlap(ofRequest, ofResponse),
      ...(withAftermath ? [...overlap(ofRequest, ofNext), ...overlap(ofResponse, ofNext)] : []),
      ...overlap([...wordsIn(cut(earlier)).keys()], ofResponse),
      ...(withAftermath
        ? [
            Number(after.next !== ''),
            Math.log1p(Math.max(0, after.pauseMs ?? 0) / 1000),
            ...BEHAVIOURS.map((kind) => Number(after.behaviour.includes(kind))),
            Math.log1p((after.dwellMs ?? 0) / 1000),
            Math.log1p(after.turnsBefore ?? 0),
          ]
        : []),
    ],
  };
}

/** Each word, and each word with the one before it. Signs are words of one unit. */
function plainWords(text: string, salt: number): PlainFeatures['bags'][number] {
  const words: string[] = [];
  let isInWord = false;
  for (const unit of folded(text).split('')) {
    const isLetter = LETTER.test(unit) && !BLANK.test(unit);
    if (isLetter && isInWord) words.push((words.pop() ?? '') + unit);
    else if (!BLANK.test(unit)) words.push(unit);
    isInWord = isLetter;
  }
  const hashes = words.map((word) => through(OFFSET, word));
  return counted(
    hashes.flatMap((hash, n) => {
      const before = hashes[n - 1];
      return before === undefined
        ? [step(hash, salt)]
        : [step(hash, salt), step(Math.imul(before, 31) ^ hash, salt)];
    }),
  );
}

/** Each two to five neighbours within what stands between blanks, one blank before it and one behind included. */
function plainLetters(text: string, salt: number): PlainFeatures['bags'][number] {
  const tokens = folded(text)
    .split('')
    .map((unit) => (BLANK.test(unit) ? ' ' : unit))
    .join('')
    .split(' ')
    .filter((token) => token !== '');
  return counted(
    tokens.flatMap((token) => {
      const edged = ` ${token} `;
      return Array.from({ length: edged.length - 1 }, (_, first) =>
        [2, 3, 4, 5]
          .filter((length) => first + length <= edged.length)
          .map((length) => through(step(OFFSET, salt), edged.slice(first, first + length))),
      ).flat();
    }),
  );
}

function shape(text: string): readonly number[] {
  const units = text.split('');
  const share = (is: (unit: string) => boolean): number => units.filter(is).length / Math.max(1, text.length);
  const words = wordsIn(text);
  const said = [...words.values()].reduce((sum, times) => sum + times, 0);
  return [
    Math.log1p(text.length),
    Math.log1p(said),
    said === 0 ? 0 : words.size / said,
    Number(text.includes('?')),
    Number(units.findLast((unit) => !BLANK.test(unit)) === '?'),
    Number(text.includes('!')),
    share((unit) => unit >= '0' && unit <= '9'),
    share((unit) => unit >= 'A' && unit <= 'Z'),
    share((unit) => !BLANK.test(unit) && !LETTER.test(unit)),
    Math.log1p(units.filter((unit) => '.?!'.includes(unit)).length),
    Number(text.includes('\n')),
  ];
}

function overlap(first: readonly string[], second: readonly string[]): readonly number[] {
  const shared = first.filter((word) => second.includes(word)).length;
  return [first.length, second.length, first.length + second.length - shared].map(
    (all) => shared / Math.max(1, all),
  );
}

const folded = (text: string): string => text.slice(0, MOST_UNITS).normalize('NFKC').toLowerCase();

const OFFSET = 0x811c9dc5 | 0;

function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

function through(hash: number, text: string): number {
  return text.split('').reduce((so, unit) => step(so, unit.charCodeAt(0)), hash);
}

function counted(hashes: readonly number[]): PlainFeatures['bags'][number] {
  const counts = new Map<number, number>();
  for (const hash of hashes) {
    const once = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    const twice = Math.imul(once ^ (once >>> 16), 0x45d9f3b);
    const place = (twice ^ (twice >>> 16)) & (2 ** PLACE_BITS - 1);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].map(([place, count]) => [place, 1 + Math.log(count)] as const);
}
