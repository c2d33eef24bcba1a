import { describe, expect, test } from 'vitest';
import { readRequest } from '../asked-turn.ts';
import type { Interpretation } from '../state-of.ts';
import { deriveRequests } from '../session-events.fixture.ts';
import { LONG_REWORDINGS, UNRELATED_LONG_REQUESTS } from './long-requests.fixture.ts';
import type { RequestPair } from './reformulation-model.ts';
import { REFORMULATION_THRESHOLD, reformulationRules } from './reformulation-rules.ts';

const NEIGHBOURS = { turnsApart: 1, gapMs: 20_000, asked: false, troubled: false, welcomed: false };

function pair(earlier: string, later: string, more: Partial<RequestPair> = {}): RequestPair {
  return { earlier: readRequest(earlier), later: readRequest(later), ...NEIGHBOURS, ...more };
}

describe('the kind of a reformulation', () => {
  test.each([
    ['weather in paris', 'Weather in  Paris?', 'repeat'],
    ['yahoo caht', 'yahoo chat', 'correct'],
    ['kursk barents see', 'kursk barents sea', 'correct'],
    ['world cup 1988', 'world cup 1998', 'correct'],
    ['you tube videos', 'youtube videos', 'correct'],
    ['turn on the bathroom light', 'no I said bedroom', 'correct'],
    ['play it in the kitchen', 'no, I meant the bedroom speaker', 'correct'],
    ['call anna', "that's not what I asked, call hanna", 'correct'],
    ['weather', 'weather in paris', 'narrow'],
    ['swahili dishes', 'traditional swahili dishes', 'narrow'],
    ['weather in paris', 'weather', 'broaden'],
    ['pseudocyesis causes review', 'pseudocyesis causes', 'broaden'],
    ['what is the weather in paris', 'paris weather', 'rephrase'],
    ['buddhism wedding traditions', 'buddhist wedding rituals', 'rephrase'],
    ['play maj and dragons', 'play imagine dragons', 'rephrase'],
    ['play jazz', 'what is the capital of peru', 'none'],
    ['weather in paris', 'thanks a lot', 'none'],
    ['A', 'C', 'none'],
    ['thanks', 'thanks', 'none'],
    ['yes please', 'Yes, please.', 'none'],
    ['flights to rome', 'no thanks', 'none'],
    ['', '???', 'none'],
    ['天気予報', '天気予報 東京', 'narrow'],
  ] as const)('%j then %j is %s', (earlier, later, kind) => {
    expect(reformulationRules.judge(pair(earlier, later)).kind).toBe(kind);
  });
});

describe('long requests', () => {
  test('a session of unrelated ones has no reformulation and no defect', () => {
    const { turns } = deriveRequests(...UNRELATED_LONG_REQUESTS);

    expect(turns.map(({ reformulation }) => reformulation.kind)).toEqual(turns.map(() => 'none'));
    expect(turns.map(({ outcome }) => outcome.kind)).toEqual(turns.map(() => 'unlabelled'));
  });

  test('no two unrelated ones come near the threshold', () => {
    for (const [i, earlier] of UNRELATED_LONG_REQUESTS.entries()) {
      for (const later of UNRELATED_LONG_REQUESTS.slice(i + 1)) {
        expect(reformulationRules.score(pair(earlier, later))).toBeLessThan(0.4);
      }
    }
  });

  test.each(LONG_REWORDINGS)('%j said again is found', (earlier, later) => {
    expect(reformulationRules.judge(pair(earlier, later)).kind).toBe('rephrase');
  });
});

describe('the interpretation says more than the words', () => {
  const play = (slots: Record<string, string>): Interpretation => ({ intent: 'play', slots });

  test.each([
    ['another slot value', play({ artist: 'maj' }), play({ artist: 'imagine dragons' }), 'correct'],
    ['a slot more', play({ artist: 'abba' }), play({ artist: 'abba', song: 'waterloo' }), 'narrow'],
    ['a slot less', play({ artist: 'abba', song: 'waterloo' }), play({ artist: 'abba' }), 'broaden'],
    [
      'a slot less named like a method',
      play({ artist: 'abba', toString: 'x' }),
      play({ artist: 'abba' }),
      'broaden',
    ],
    ['the same', play({ artist: 'abba' }), play({ artist: 'abba' }), 'rephrase'],
  ])('%s', (_, before, after, kind) => {
    const earlier = readRequest('put on some music by them', before);
    const later = readRequest('their music please', after);

    expect(reformulationRules.judge({ earlier, later, ...NEIGHBOURS }).kind).toBe(kind);
  });

  test('another intent makes a reformulation less likely', () => {
    const earlier = readRequest('play abba', { intent: 'play' });
    const other = readRequest('stop abba', { intent: 'stop' });

    expect(reformulationRules.score({ earlier, later: other, ...NEIGHBOURS })).toBeLessThan(
      reformulationRules.score(pair('play abba', 'stop abba')),
    );
  });
});

describe('what else is known moves the probability', () => {
  const plain = reformulationRules.score(pair('call mum', 'ring mother mum'));

  test.each([
    ['an answer that was interrupted', { troubled: true }, 'up'],
    ['an answer that was copied', { welcomed: true }, 'down'],
    ['a long pause', { gapMs: 30 * 60_000 }, 'down'],
    ['a short pause changes nothing', { gapMs: 2 * 60_000 }, 'same'],
    ['other turns between', { turnsApart: 3 }, 'down'],
    ['an answer that asked something', { asked: true }, 'down'],
  ] as const)('%s', (_, more, direction) => {
    const score = reformulationRules.score(pair('call mum', 'ring mother mum', more));

    expect(Math.sign(score - plain)).toBe({ up: 1, down: -1, same: 0 }[direction]);
  });

  test('a correction cue speaks of the turn right before, not of older ones', () => {
    const [near, far] = [1, 2].map((turnsApart) =>
      reformulationRules.judge(pair('turn on the bathroom light', 'no i said bedroom', { turnsApart })),
    );

    expect([near?.kind, far?.kind]).toEqual(['correct', 'none']);
  });
});

test('a kind is named exactly when the score reaches the threshold', () => {
  const texts = [
    'weather',
    'weather in paris',
    'paris',
    'play jazz',
    'play rock',
    'thanks',
    'no i said paris',
    '',
  ];
  for (const earlier of texts) {
    for (const later of texts) {
      const named = reformulationRules.judge(pair(earlier, later)).kind !== 'none';

      expect(named).toBe(reformulationRules.score(pair(earlier, later)) >= REFORMULATION_THRESHOLD);
    }
  }
});
