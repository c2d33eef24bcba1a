import { normaliseText } from '@heed/kernel';
import { expect, test } from 'vitest';
import { UNRELATED_LONG_REQUESTS } from './reformulation/long-requests.fixture.ts';
import { COMPARED_WORDS, profileRequest, sharedTrigrams } from './request-profile.ts';

test('words are distinct, without case, punctuation and what carries no meaning', () => {
  expect(profileRequest('Play the JAZZ, jazz!').words).toEqual(profileRequest('play jazz').words);
});

test('where no word carries meaning every word counts', () => {
  expect(profileRequest('what is it').words).toHaveLength(3);
});

test('an apostrophe does not split a word, straight or curly', () => {
  expect(profileRequest('today’s forecast').words).toEqual(profileRequest("today's forecast").words);
  expect(profileRequest("today's").words).toHaveLength(1);
});

test('a single letter has a trigram, nothing has none', () => {
  expect(profileRequest('A').trigrams).toHaveLength(1);
  expect(profileRequest('').trigrams).toHaveLength(0);
});

test('trigrams are distinct and in order', () => {
  const { trigrams } = profileRequest('nananana batman');

  expect([...trigrams]).toEqual([...new Set(trigrams)].sort((x, y) => x - y));
});

test('shared trigrams are counted exactly', () => {
  const shared = (a: string, b: string): number => sharedTrigrams(profileRequest(a), profileRequest(b));
  const [paris, rome, jazz] = ['weather in paris', 'weather in rome', 'play jazz'] as const;

  // " we wea eat ath the her er ", " in in ", and of the places nothing.
  expect(shared(paris, rome)).toBe(9);
  expect(shared(rome, paris)).toBe(9);
  expect(shared(paris, jazz)).toBe(0);
  expect(shared(jazz, jazz)).toBe(8);
});

test('long texts are held apart as exactly as short ones', () => {
  for (const [i, a] of UNRELATED_LONG_REQUESTS.entries()) {
    for (const b of UNRELATED_LONG_REQUESTS.slice(i + 1)) {
      const inB = new Set(trigramsOf(b));
      const shared = new Set(trigramsOf(a).filter((trigram) => inB.has(trigram))).size;

      expect(sharedTrigrams(profileRequest(a), profileRequest(b))).toBe(shared);
    }
  }
});

test('a text of 64 KiB is profiled by its beginning', () => {
  const profile = profileRequest(Array.from({ length: 13_000 }, (_, i) => `w${String(i)}`).join(' '));

  expect(profile.words.length).toBeLessThanOrEqual(COMPARED_WORDS);
});

/** The plain way: each word between blanks, cut into three letters at a time. */
function trigramsOf(text: string): readonly string[] {
  return normaliseText(text)
    .slice(0, 400)
    .replaceAll("'", '')
    .split(' ')
    .flatMap((word) => Array.from(word, (_, i) => ` ${word} `.slice(i, i + 3)));
}
