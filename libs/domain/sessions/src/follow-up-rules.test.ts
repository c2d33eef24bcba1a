import { expect, test } from 'vitest';
import { deriveRequests } from './session-events.fixture.ts';

test.each([
  ['weather in paris', 'thanks!', 'thanks'],
  ['weather in paris', 'Thank you very much, bye', 'thanks'],
  ['weather in paris', 'thanks, now play jazz', 'thanks'],
  ['weather in paris', 'no thanks', 'closes'],
  ['weather in paris', "No, that's all", 'closes'],
  ['weather in paris', 'goodbye', 'closes'],
  ['weather in paris', 'no I said rome', 'corrects'],
  ['play it in the kitchen', 'No, play it on the bedroom speaker instead.', 'corrects'],
  ['yahoo caht', 'yahoo chat', 'corrects'],
  ['weather in paris', "that's wrong", 'complains'],
  ['weather in paris', 'You’re not helpful', 'complains'],
  ['weather in paris', "this doesn't work", 'complains'],
  ['weather in paris', 'what do you mean', 'clarifies'],
  ['weather in paris', 'are you sure?', 'clarifies'],
  ['weather in paris', 'and tomorrow?', 'elaborates'],
  ['weather', 'weather in paris', 'elaborates'],
  ['weather in paris', 'is it windy there', 'continues'],
  ['weather in paris', 'restaurants in paris', 'continues'],
  ['weather in paris', 'not now, thank you', 'thanks'],
  ['weather in paris', 'play jazz', 'changes-topic'],
])('after %j, %j %s', (earlier, next, kind) => {
  expect(deriveRequests(earlier, next).turns[0]?.followUp?.kind).toBe(kind);
});

test.each([
  'stop the music',
  'what is wrong with my car',
  'no one loves me',
  'goodbye yellow brick road lyrics',
])('%j is a request like another, not leave or complaint', (next) => {
  const [before, last] = deriveRequests('weather in paris', next).turns;

  expect(['continues', 'changes-topic', 'closes']).toContain(before?.followUp?.kind);
  expect(last?.outcome.decidedBy).toBe('silence');
});
