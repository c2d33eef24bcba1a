import { seededRandom } from '@heed/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { loveTurns } from '../training-run/love-turns.fixture.ts';
import { poolsInLog } from './pools-in-log.ts';

const bounds = { prompts: 50, answers: 4, requests: 100 };
const plain = loveTurns(200);

/** Turns that were asked and answered so. */
function said(...pairs: readonly (readonly [request: string, response: string])[]): readonly ObservedTurn[] {
  return pairs.map(([request, response], n) => {
    const turn = plain[n % plain.length];
    if (turn === undefined) throw new Error('there are some');
    return { ...turn, context: [{ role: 'user', text: request }], response };
  });
}

const pools = (turns: readonly ObservedTurn[], within = bounds) =>
  poolsInLog(turns, within, seededRandom(3)).map(({ prompt, answers }) => ({
    prompt,
    answers: answers.map(({ text }) => text).toSorted(),
  }));

describe('poolsInLog', () => {
  it('has the answers to a request, as often as they were given, once for each time it was asked', () => {
    const turns = said(['Play jazz!', 'Sure.'], ['play  jazz', 'Sure.'], ['play jazz', 'No.']);
    const found = pools(turns);
    expect(found).toHaveLength(3);
    for (const { prompt, answers } of found) {
      expect(prompt).toMatch(/^play +jazz!?$/i);
      expect(answers).toEqual(['No.', 'Sure.', 'Sure.']);
    }
  });

  it('takes answers to requests with half the same words, the most alike first, and no others', () => {
    const turns = said(
      ['play some jazz', 'Jazz.'],
      ['play some loud jazz', 'Loud jazz.'],
      ['play some', 'What?'],
      ['will it rain', 'Yes.'],
      ['jazz for the night', 'Later.'],
    );
    const of = (answers: number, prompt: string): readonly string[] | undefined =>
      pools(turns, { ...bounds, answers }).find((pool) => pool.prompt === prompt)?.answers;
    expect(of(4, 'play some jazz')).toEqual(['Jazz.', 'Loud jazz.', 'What?']);
    // Three of four words are more than two of three.
    expect(of(2, 'play some jazz')).toEqual(['Jazz.', 'Loud jazz.']);
    expect(of(4, 'will it rain')).toBeUndefined();
    expect(of(4, 'jazz for the night')).toBeUndefined();
  });

  it('tells likeness of long requests by how they begin', () => {
    const begin = Array.from({ length: 200 }, (_, n) => `w${String(n)}`).join(' ');
    const ends = (by: string): string => Array.from({ length: 900 }, (_, n) => `${by}${String(n)}`).join(' ');
    const found = pools(said([`${begin} ${ends('x')}`, 'Yes.'], [`${begin} ${ends('y')}`, 'No.']));
    expect(found.map(({ answers }) => answers)).toEqual([
      ['No.', 'Yes.'],
      ['No.', 'Yes.'],
    ]);
  });

  it('is nothing where there is nothing to choose from', () => {
    expect(pools([])).toEqual([]);
    expect(pools(said(['play', 'Sure.'], ['play', 'Sure.'], ['play', '']))).toEqual([]);
    expect(pools(said(['play', ''], ['play', '']))).toEqual([]);
  });

  it('is of no worth that anybody knows, and the same again', () => {
    const once = poolsInLog(plain, bounds, seededRandom(3));
    expect(once.flatMap(({ answers }) => answers).every(({ base }) => base === 0)).toBe(true);
    expect(poolsInLog(plain, bounds, seededRandom(3))).toEqual(once);
    expect(poolsInLog(plain, bounds, seededRandom(4))).not.toEqual(once);
  });

  it('keeps to its bounds, and makes nothing up', () => {
    const word = fc.constantFrom('play', 'jazz', 'rain', 'news', '');
    const text = fc.array(word, { maxLength: 3 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text), { maxLength: 40 }),
        fc.record({
          prompts: fc.integer({ min: 1, max: 10 }),
          answers: fc.integer({ min: 1, max: 5 }),
          requests: fc.integer({ min: 1, max: 10 }),
        }),
        (pairs, within) => {
          const found = pools(said(...pairs), within);
          expect(found.length).toBeLessThanOrEqual(within.prompts);
          const responses = new Set(pairs.map(([, response]) => response));
          for (const { prompt, answers } of found) {
            expect(pairs.map(([request]) => request)).toContain(prompt);
            expect(answers.length).toBeLessThanOrEqual(within.answers);
            expect(new Set(answers).size).toBeGreaterThan(1);
            for (const answer of answers) expect(responses.has(answer) && answer !== '').toBe(true);
          }
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });
});
