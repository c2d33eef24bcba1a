import { textsOf, type Aftermath, type AnsweredTurn, type Said } from '../answered-turn.ts';
import { FeatureTableBuilder, type FeatureTable } from './feature-table.ts';
import { GramCounter, MOST_UNITS } from './gram-counter.ts';
import { OVERLAP, overlapOf } from './overlap.ts';
import { SHAPE, shapeOf } from './text-shape.ts';
import { wordsIn } from './words-in.ts';

/** Another reading of texts is another version: a model reads as it was trained or not at all. */
export const FEATURES_VERSION = 'grams-1';

/** What these features were read by: with a sentence encoder, by that one and no other. */
export function featuresVersionOf({ encoded }: Pick<FeatureTable, 'encoded'>): string {
  return encoded === undefined ? FEATURES_VERSION : `${FEATURES_VERSION}+${encoded.by}`;
}

/** What a model may read. */
export const READINGS = ['answer', 'aftermath'] as const;
/**
 * - `answer`: the request, the answer and what was said before: all that is known when the answer is given.
 * - `aftermath`: also what the user said and did next.
 */
export type Reading = (typeof READINGS)[number];

/** Kinds of behaviour that a model of the aftermath tells apart. */
const BEHAVIOURS = [
  'regenerated',
  'copied',
  'edited',
  'clicked',
  'dwelled',
  'interrupted',
  'abandoned',
  'escalated',
  'stopped',
] as const;

/** Places in the table of weights: 2 to this. */
export const PLACE_BITS = 18;

/** A turn to read; a reader of the aftermath takes a turn without one for one that nobody said or did anything after. */
export interface ReadableTurn extends AnsweredTurn {
  readonly aftermath?: Aftermath;
}

/** Turns texts into features. The same reading gives the same features on every machine. Not to be used by two at once. */
export class FeatureReader {
  /** The bags of a turn in order: words and letters of each text. */
  readonly bags: readonly string[];
  /** The numbers of a turn in order. */
  readonly numbers: readonly string[];
  readonly #reading: Reading;
  readonly #grams = new GramCounter(PLACE_BITS);

  constructor(reading: Reading) {
    this.#reading = reading;
    const texts = reading === 'answer' ? ['request', 'response'] : ['request', 'response', 'next'];
    this.bags = texts.flatMap((text) => [`${text}.words`, `${text}.letters`]);
    this.numbers = [
      ...texts.flatMap((text) => SHAPE.map((name) => `${text}.${name}`)),
      ...pairsOf(texts).flatMap(([a, b]) => OVERLAP.map((name) => `${a}-${b}.${name}`)),
      ...OVERLAP.map((name) => `earlier-response.${name}`),
      ...(reading === 'answer' ? [] : ['said', 'logPause', ...BEHAVIOURS.map((kind) => `did.${kind}`)]),
    ];
  }

  read(turns: Iterable<ReadableTurn>): FeatureTable {
    const builder = new FeatureTableBuilder(this.bags.length, this.numbers.length);
    for (const turn of turns) this.#readInto(builder, turn);
    return builder.table();
  }

  #readInto(builder: FeatureTableBuilder, turn: ReadableTurn): void {
    const { request, response, earlier } = textsOf(turn);
    const aftermath = this.#reading === 'aftermath' ? (turn.aftermath ?? NOTHING) : undefined;
    const texts = (aftermath === undefined ? [request, response] : [request, response, aftermath.next]).map(
      cut,
    );
    texts.forEach((text, n) => {
      builder.addBag(this.#grams.words(text, 2 * n + 1));
      builder.addBag(this.#grams.letters(text, 2 * n + 2));
    });
    // The second is the response's.
    const words = texts.map(wordsIn);
    builder.addNumbers([
      ...texts.flatMap((text, n) => shapeOf(text, words[n] ?? NO_WORDS)),
      ...pairsOf(words).flatMap(([a, b]) => overlapOf(a, b)),
      ...overlapOf(wordsIn(cut(earlier)), words[1] ?? NO_WORDS),
      ...(aftermath === undefined ? [] : numbersOf(aftermath)),
    ]);
  }
}

/** The turn without what no reader reads, to be held by the million: its features are the same. The answer stays whole, its length is told elsewhere too. */
export function asRead<T extends ReadableTurn>(turn: T): T {
  const { request, earlier } = textsOf(turn);
  const said: readonly Said[] = [
    { role: 'assistant', text: cut(earlier) },
    { role: 'user', text: cut(request) },
  ];
  return {
    ...turn,
    context: said.filter(({ text }) => text !== ''),
    ...(turn.aftermath && { aftermath: { ...turn.aftermath, next: cut(turn.aftermath.next) } }),
  };
}

function cut(text: string): string {
  return text.length > MOST_UNITS ? text.slice(0, MOST_UNITS) : text;
}

const NOTHING: Aftermath = { next: '', behaviour: [] };
const NO_WORDS: ReadonlyMap<string, number> = new Map();

function numbersOf({ next, pauseMs, behaviour }: Aftermath): readonly number[] {
  return [
    Number(next !== ''),
    Math.log1p(Math.max(0, pauseMs ?? 0) / 1000),
    ...BEHAVIOURS.map((kind) => Number(behaviour.includes(kind))),
  ];
}

function pairsOf<T>(items: readonly T[]): readonly (readonly [T, T])[] {
  return items.flatMap((first, n) => items.slice(n + 1).map((second) => [first, second] as const));
}
