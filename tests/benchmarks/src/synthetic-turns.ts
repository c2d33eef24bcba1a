/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexed below its length */
import { seededRandom, type SeededRandom } from '@heed/kernel';
import type { AnsweredTurn } from '@heed/rewards';
import { zipfSampler } from './mine/zipf-sampler.ts';

/** A turn and whether its user loved the answer. */
export interface LabelledTurn extends AnsweredTurn {
  readonly label: 0 | 1;
}

const VOCABULARY = 30_000;
const ZIPF = 1.05;
/** Words that users love or do not love to read: every so many-th of the vocabulary. */
const MATTERS_EVERY = 7;
const STRENGTH = 1;
/** Words of an answer. */
const LENGTHS = { shortest: 12, longest: 90 };

const SYLLABLES = 'ba ke li mo nu ra se ti vo zu dan fel gor him jus pax an er in on st the'.split(' ');
const ENDS = ['.', '.', '.', '!', '?', ','];

/**
 * Requests of a few words and answers of 12 to 90 where nothing else is said, words by Zipf's law, sentences with signs and capitals. A word in seven is loved or not, and
 * the label is drawn by the logistic function of their sum: a linear model can learn it, and no model knows it all. Deterministic by seed.
 */
export function* syntheticTurns(
  count: number,
  seed: number,
  { shortest, longest } = LENGTHS,
): Generator<LabelledTurn> {
  const random = seededRandom(seed);
  // Of one seed, whatever the turns' is: what is loved is the same in training and in a test.
  const world = seededRandom(1);
  const words = Array.from({ length: VOCABULARY }, (_, rank) => wordOf(rank, world));
  const loved = Float64Array.from(words, (_, rank) =>
    rank % MATTERS_EVERY === 3 ? (world.chance(0.5) ? STRENGTH : -STRENGTH) : 0,
  );
  const rankOf = zipfSampler(VOCABULARY, ZIPF, random);
  for (let n = 0; n < count; n++) {
    const answer = Array.from({ length: shortest + random.below(longest - shortest) }, rankOf);
    const request = Array.from({ length: 3 + random.below(12) }, rankOf);
    const logit = answer.reduce((sum, rank) => sum + loved[rank]!, -0.5);
    yield {
      context: [{ role: 'user', text: textOf(request, words, random) }],
      response: textOf(answer, words, random),
      label: random.chance(1 / (1 + Math.exp(-logit))) ? 1 : 0,
    };
  }
}

/** Frequent words are short. */
function wordOf(rank: number, random: SeededRandom): string {
  const syllables = rank < 100 ? 1 : rank < 3000 ? 2 : 3;
  return Array.from({ length: syllables }, () => random.pick(SYLLABLES)).join('');
}

function textOf(ranks: readonly number[], words: readonly string[], random: SeededRandom): string {
  let text = '';
  let begins = true;
  for (const rank of ranks) {
    const word = words[rank]!;
    text += `${text === '' ? '' : ' '}${begins ? word.charAt(0).toUpperCase() + word.slice(1) : word}`;
    begins = false;
    if (random.chance(0.1)) {
      const end = random.pick(ENDS);
      text += end;
      begins = end !== ',';
    }
  }
  return text;
}
