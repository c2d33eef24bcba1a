import { textsOf, type Aftermath, type AnsweredTurn, type Said } from '../answered-turn.ts';
import { AFTERMATH, aftermathNumbers } from './aftermath-numbers.ts';
import { FeatureTableBuilder, type FeatureTable } from './feature-table.ts';
import { GramCounter } from './gram-counter.ts';
import { OVERLAP, overlapOf } from './overlap.ts';
import { SHAPE, shapeOf } from './text-shape.ts';
import { cut, TextUnits } from './text-units.ts';
import { WordList } from './word-list.ts';
import { WordSet } from './word-set.ts';

/** Another reading of texts is another version: a model reads as it was trained or not at all. */
export const FEATURES_VERSION = 'grams-1';

/** What these features were read by: with a sentence encoder, by that one and no other. */
export function featuresVersionOf({ encoded }: Pick<FeatureTable, 'encoded'>): string {
  return encoded === undefined ? FEATURES_VERSION : `${FEATURES_VERSION}+${encoded.by}`;
}

/** The version of the sentence encoder that a version of features names; undefined where none beside the native ones, or they are another Heed's. */
export function encoderIn(features: string): string | undefined {
  const begin = `${FEATURES_VERSION}+`;
  return features.startsWith(begin) ? features.slice(begin.length) : undefined;
}

/** What a model may read. */
export const READINGS = ['answer', 'aftermath'] as const;
/**
 * - `answer`: the request, the answer and what was said before: all that is known when the answer is given.
 * - `aftermath`: also what the user said and did next.
 */
export type Reading = (typeof READINGS)[number];

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
  /** Of each text that is read whole, and of the earlier answer, whose words alone are read. */
  readonly #texts: readonly TextAndWords[];
  readonly #builder: FeatureTableBuilder;
  readonly #earlier = new TextAndWords();
  readonly #pairs: readonly (readonly [TextAndWords, TextAndWords])[];

  constructor(reading: Reading) {
    this.#reading = reading;
    const texts = reading === 'answer' ? ['request', 'response'] : ['request', 'response', 'next'];
    this.bags = texts.flatMap((text) => [`${text}.words`, `${text}.letters`]);
    this.numbers = [
      ...texts.flatMap((text) => SHAPE.map((name) => `${text}.${name}`)),
      ...pairsOf(texts).flatMap(([a, b]) => OVERLAP.map((name) => `${a}-${b}.${name}`)),
      ...OVERLAP.map((name) => `earlier-response.${name}`),
      ...(reading === 'answer' ? [] : AFTERMATH),
    ];
    this.#builder = new FeatureTableBuilder(this.bags.length, this.numbers.length);
    const response = new TextAndWords();
    this.#texts = texts.map((name) => (name === 'response' ? response : new TextAndWords()));
    this.#pairs = [...pairsOf(this.#texts), [this.#earlier, response]];
  }

  read(turns: Iterable<ReadableTurn>): FeatureTable {
    this.#builder.begin();
    for (const turn of turns) this.#readTurn(turn);
    return this.#builder.table();
  }

  #readTurn(turn: ReadableTurn): void {
    const builder = this.#builder;
    const { request, response, earlier } = textsOf(turn);
    const aftermath = this.#reading === 'aftermath' ? (turn.aftermath ?? NOTHING) : undefined;
    const given = [request, response, aftermath?.next ?? ''];
    this.#texts.forEach((text, n) => {
      text.read(given[n] ?? '');
      builder.addBag(this.#grams.words(text.words, 2 * n + 1));
      builder.addBag(this.#grams.letters(text.units.folded, 2 * n + 2));
      builder.addNumbers(shapeOf(text.units.written, text.distinct));
    });
    this.#earlier.read(earlier);
    for (const [first, second] of this.#pairs) builder.addNumbers(overlapOf(first.distinct, second.distinct));
    if (aftermath !== undefined) builder.addNumbers(aftermathNumbers(aftermath));
  }
}

/** A text and its words, to be read over and over. */
class TextAndWords {
  readonly units = new TextUnits();
  readonly #lowered = new WordList();
  readonly #folded = new WordList();
  readonly distinct = new WordSet();
  /** As they are folded. */
  words = this.#folded;

  read(text: string): void {
    const { lowered, folded } = this.units.read(text);
    this.#lowered.read(lowered);
    this.words = this.#lowered;
    if (folded !== lowered) {
      this.#folded.read(folded);
      this.words = this.#folded;
    }
    this.distinct.read(this.#lowered);
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

const NOTHING: Aftermath = { next: '', behaviour: [] };

function pairsOf<T>(items: readonly T[]): readonly (readonly [T, T])[] {
  return items.flatMap((first, n) => items.slice(n + 1).map((second) => [first, second] as const));
}
