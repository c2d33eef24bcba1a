import { expect, test } from 'vitest';
import { COMPARED_WORDS, countBits, profileRequest } from './request-profile.ts';

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
  expect(profileRequest('A').trigramCount).toBe(1);
  expect(profileRequest('').trigramCount).toBe(0);
});

test('texts share about as many bits as trigrams', () => {
  const [a, b, c] = ['weather in paris', 'weather in rome', 'play jazz'].map(profileRequest);
  const shared = (x = a, y = b): number =>
    countBits(x?.trigrams ?? new Int32Array(16), y?.trigrams ?? new Int32Array(16));

  expect(shared(a, b)).toBeGreaterThanOrEqual(9);
  expect(shared(a, c)).toBeLessThanOrEqual(2);
});

test('a text of 64 KiB is profiled by its beginning', () => {
  const profile = profileRequest(Array.from({ length: 13_000 }, (_, i) => `w${String(i)}`).join(' '));

  expect(profile.words.length).toBeLessThanOrEqual(COMPARED_WORDS);
});
