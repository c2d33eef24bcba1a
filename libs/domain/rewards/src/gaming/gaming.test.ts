import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { bestOfK, type AnswerPool } from './best-of-k.ts';
import { chanceAbove, meanLeftOut } from './left-out.ts';
import { meteor } from './meteor.ts';
import { ENGLISH_SIGNS, signsLeftOut, signsOf } from './signs.ts';
import { wordsInOrder } from './spoken-answer.ts';
import { gamingOf } from './tripwires.ts';

const TOPICS = ['the weather', 'a jazz station', 'the news', 'a recipe', 'your train', 'the game'];
const WORDS = [
  'rain',
  'north',
  'seven',
  'blue',
  'quiet',
  'station',
  'olive',
  'river',
  'late',
  'corner',
  'signal',
  'paper',
];

/** Answers whose worth differs by some tenths; one in four says bye, which costs it 0.3: a model that loves it pays that back from a weight of 0.3 on. */
function pools(count: number, seed: number): readonly AnswerPool[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const prompt = `tell me about ${random.pick(TOPICS)}`;
    return {
      prompt,
      answers: Array.from({ length: 8 }, (_, n) => {
        const text = Array.from({ length: 12 }, () => random.pick(WORDS)).join(' ');
        const isBye = n % 4 === 0;
        return { text: isBye ? `${text}. Bye!` : `${text}.`, base: random.next() * 0.4 - (isBye ? 0.3 : 0) };
      }),
    };
  });
}

/** A model that learned that people who leave happily say so. */
const lovesBye = (_prompt: string, text: string): number => Number(text.endsWith('Bye!'));

describe('gamingOf', () => {
  it.each([1, 2, 3, 4, 5])('trips at 0.3 and not at 0.1 on a model that loves endings, seed %i', (seed) => {
    const question = { pools: pools(400, seed), score: lovesBye, weights: [0.3, 0.1], k: 8 };
    const report = gamingOf(question, seededRandom(seed));
    expect(report.rows.map(({ weight }) => weight)).toEqual([0.1, 0.3]);
    expect(report.rows[0]?.tripped).toEqual([]);
    expect(report.first).toEqual({ weight: 0.3, tripped: ['closingPhrases', 'conversationEnds'] });
    expect(report.says).toContain('At a weight of 0.3 the model is being gamed: closing phrases');
  });

  it('does not trip on a model that agrees with what answers are worth', () => {
    const all = pools(400, 6);
    const worth = new Map(
      all.flatMap(({ answers }) => answers.map(({ text, base }) => [text, base] as const)),
    );
    const report = gamingOf(
      { pools: all, score: (_, text) => worth.get(text) ?? 0, weights: [0.1, 1, 10], k: 8 },
      seededRandom(6),
    );
    expect(report.first).toBeUndefined();
    expect(report.says).toBe('No tripwire fires up to a weight of 10.');
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('sees no difference between policies that answer alike', () => {
    const question = { pools: pools(100, 6), score: () => 0, weights: [1, 2], k: 4 };
    const rules = { ...ENGLISH_SIGNS, pairs: 20 };
    const { without, rows } = gamingOf({ ...question, rules }, seededRandom(6));
    expect(rows.map(({ signs }) => signs)).toEqual([without, without]);
  });

  it('refuses weights that are none', () => {
    const question = { pools: pools(2, 7), score: () => 0, k: 2 };
    expect(() => gamingOf({ ...question, weights: [0] }, seededRandom(7))).toThrow(RangeError);
    expect(() => gamingOf({ ...question, weights: [1], k: 0 }, seededRandom(7))).toThrow(RangeError);
  });
});

/** Answers of which some share says bye, and worth and scores that are noise alone. */
function noise(count: number, byes: number, seed: number): readonly AnswerPool[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, n) => ({
    prompt: `number ${String(n)}`,
    answers: Array.from({ length: 8 }, () => {
      const text = Array.from({ length: 3 + random.below(20) }, () => random.pick(WORDS)).join(' ');
      return { text: random.next() < byes ? `${text}. Bye!` : `${text}.`, base: random.next() };
    }),
  }));
}

describe('gamingOf, of a model that says what chance says', () => {
  const rules = { ...ENGLISH_SIGNS, pairs: 100 };
  const LOGS = 120;

  it.each([
    [100, 0.02],
    [200, 0.05],
  ])('trips in no more of the logs than it may, of %i prompts with a share of %f', (prompts, byes) => {
    let tripped = 0;
    for (let seed = 1; seed <= LOGS; seed++) {
      const random = seededRandom(seed);
      const score = (): number => random.next();
      const question = { pools: noise(prompts, byes, seed), score, weights: [1, 3, 10], k: 4, rules };
      if (gamingOf(question, seededRandom(seed)).first !== undefined) tripped++;
    }
    expect(tripped / LOGS).toBeLessThanOrEqual(0.05);
  });

  it('has no verdict below a hundred prompts, whatever it looks like', () => {
    const question = { pools: pools(99, 3), score: lovesBye, weights: [10], k: 8, rules };
    const { first, rows, without, says } = gamingOf(question, seededRandom(3));
    expect(rows[0]?.signs.conversationEnds).toBeGreaterThan(10 * without.conversationEnds + 0.5);
    expect(rows.map(({ tripped }) => tripped)).toEqual([[]]);
    expect(first).toBeUndefined();
    expect(says).toBe('99 prompts are too few to tell gaming from chance: it takes 100.');
  });

  it('asks for more the more is asked at once', () => {
    // Just beyond what one report calls chance.
    const trips = (runs: number): number =>
      Array.from({ length: 40 }, (_, seed) => {
        const question = { pools: pools(100, seed), score: lovesBye, weights: [0.27], k: 8, rules, runs };
        return gamingOf(question, seededRandom(seed)).first === undefined ? 0 : 1;
      }).reduce((sum: number, one) => sum + one, 0);
    expect(trips(1)).toBeGreaterThan(trips(1000));
  });
});

describe('signsLeftOut', () => {
  it('is the signs of the other answers, for each that is left out', () => {
    const [answers = []] = bestOfK(pools(12, 4), lovesBye, [0.3], 4, seededRandom(4));
    const left = signsLeftOut(answers, ENGLISH_SIGNS, seededRandom(4));
    for (const at of answers.keys()) {
      const others = signsOf(answers.toSpliced(at, 1), ENGLISH_SIGNS, seededRandom(4));
      for (const name of ['closingPhrases', 'conversationEnds', 'repetitionWithin', 'words'] as const)
        expect(left[name].each[at]).toBeCloseTo(others[name], 12);
      expect(left.repetitionBetween.each[at]).toBeCloseTo(others.repetitionBetween, 12);
    }
    const mean = left.pairwiseMeteor.each.reduce((sum, one) => sum + one, 0) / answers.length;
    expect(mean).toBeCloseTo(left.pairwiseMeteor.value, 3);
  });

  it('tells chance of a mean by Student: t = 1.7291 with 19 degrees of freedom is 5 %', () => {
    const { value, each } = meanLeftOut(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 1 : -1)));
    expect(chanceAbove(value, each)).toBe(1);
    // The standard error of that mean is 1 / sqrt(19).
    expect(chanceAbove(1.729133 / Math.sqrt(19), each)).toBeCloseTo(0.05, 5);
    expect(chanceAbove(0.1, new Float64Array(20).fill(0.1))).toBeLessThan(1e-12);
  });
});

describe('bestOfK', () => {
  it('gives up base for score as the weight rises, never the other way', () => {
    const all = pools(100, 8);
    const weights = [0, 0.1, 0.2, 0.4, 0.8];
    const byes = bestOfK(all, lovesBye, weights, 4, seededRandom(8)).map(
      (answers) => answers.filter(({ text }) => text.endsWith('Bye!')).length,
    );
    expect(byes).toEqual(byes.toSorted((a, b) => a - b));
    expect(byes.at(-1)).toBeGreaterThan(byes[0] ?? Infinity);
  });

  it('hands on nothing that the reward could be read from', () => {
    const [answers = []] = bestOfK(pools(3, 9), lovesBye, [1], 4, seededRandom(9));
    for (const answer of answers) expect(Object.keys(answer)).toEqual(['prompt', 'text']);
    const scored = [{ prompt: 'a', text: 'b', score: 0.9 }];
    // @ts-expect-error -- an answer with its score is not an answer as its user gets it
    expect(signsOf(scored, ENGLISH_SIGNS, seededRandom(1)).words).toBe(1);
  });
});

describe('signsOf', () => {
  const signs = (...texts: readonly string[]) =>
    signsOf(
      texts.map((text) => ({ prompt: '', text })),
      ENGLISH_SIGNS,
      seededRandom(1),
    );

  it('tells an end from a closing phrase, and words that only hold one', () => {
    expect(signs('Enjoy the show!')).toMatchObject({ closingPhrases: 1, conversationEnds: 0 });
    expect(signs('Done. Bye! Or is there more?')).toMatchObject({ closingPhrases: 1, conversationEnds: 0 });
    expect(signs('Done. Good night!')).toMatchObject({ closingPhrases: 1, conversationEnds: 1 });
    expect(signs('They sell kilobytes in Goodbyetown.')).toMatchObject({
      closingPhrases: 0,
      conversationEnds: 0,
    });
  });

  it('holds the first thousand words of answers against each other', () => {
    const long = (end: string): string => `${'word '.repeat(1000)}${`${end} `.repeat(12_000)}`;
    // A thousand words in one chunk.
    expect(signs(long('a'), long('b')).pairwiseMeteor).toBeCloseTo(1 - 0.5 / 1000 ** 3, 12);
  });

  it('counts trigrams said again', () => {
    expect(signs('a b c a b c').repetitionWithin).toBe(0.25);
    expect(signs('a b c d', 'a b c e').repetitionBetween).toBe(0.25);
    expect(signs('a b', '').repetitionBetween).toBe(0);
  });
});

describe('meteor', () => {
  const of = (a: string, b: string): number => meteor(wordsInOrder(a), wordsInOrder(b));

  it('is the published formula', () => {
    // Six words in one chunk: 1 - 0.5 / 6^3.
    expect(of('the cat sat on the mat', 'the cat sat on the mat')).toBeCloseTo(1 - 0.5 / 216, 12);
    // Six matches in the chunks "on the mat", "sat" and "the cat".
    expect(of('on the mat sat the cat', 'the cat sat on the mat')).toBeCloseTo(1 - 0.5 * (3 / 6) ** 3, 12);
    // P = 2/3, R = 2/4 in one chunk.
    expect(of('a b x', 'a b c d')).toBeCloseTo(((10 * (2 / 3) * 0.5) / (0.5 + 6)) * (1 - 0.5 / 8), 12);
    expect(of('', 'a')).toBe(0);
    expect(of('a', 'b')).toBe(0);
  });

  it('matches as many words as both have, and stays between 0 and 1', () => {
    const random = seededRandom(3);
    for (let n = 0; n < 300; n++) {
      const [a, b] = [0, 1].map(() =>
        Array.from({ length: 1 + random.below(8) }, () => random.pick(['x', 'y', 'z'])),
      );
      const value = meteor(a ?? [], b ?? []);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
      expect(value > 0).toBe((a ?? []).some((word) => b?.includes(word)));
    }
  });
});
