import { expect, test } from 'vitest';
import { event, NINE, turn } from './session-events.fixture.ts';
import { signalOf } from './signal-of.ts';

const of = { turn: 't0' } as const;
const candidates = { chosen: { turn: 't0' }, rejected: { text: 'other' }, by: 'human' } as const;

test.each([
  [event('reaction', 'e', NINE, { ...of, kind: 'love' }), 'reaction.love', undefined],
  [event('behaviour', 'e', NINE, { ...of, kind: 'copied', characters: 12 }), 'behaviour.copied', 12],
  [event('behaviour', 'e', NINE, { ...of, kind: 'dwelled', ms: 900 }), 'behaviour.dwelled', 900],
  [event('behaviour', 'e', NINE, { ...of, kind: 'clicked', rank: 2 }), 'behaviour.clicked', 2],
  [event('behaviour', 'e', NINE, { ...of, kind: 'abandoned' }), 'behaviour.abandoned', undefined],
  [event('comment', 'e', NINE, { ...of, text: 'hm' }), 'comment', undefined],
  [
    event('annotation', 'e', NINE, { ...of, target: { part: 'response', start: 0, end: 1 }, label: 'typo' }),
    'annotation.typo',
    undefined,
  ],
  [event('comparison', 'e', NINE, { ...of, ...candidates }), 'comparison', undefined],
  [event('comparison', 'e', NINE, { ...of, ...candidates, tie: true }), 'comparison.tie', undefined],
  [
    event('rating', 'e', NINE, { ...of, aspect: 'help', value: 4, scale: { min: 1, max: 5 }, by: 'model' }),
    'rating.help',
    0.75,
  ],
  [event('stage', 'e', NINE, { ...of, stage: 'plan', verdict: 'bad' }), 'stage.plan', 0],
  [event('check', 'e', NINE, { ...of, name: 'lint', passed: true }), 'check.lint', 1],
  [event('check', 'e', NINE, { ...of, name: 'cost', passed: true, value: 3 }), 'check.cost', 3],
  [event('outcome', 'e', NINE, { name: 'success', value: true }), 'outcome.success', 1],
])('$name leaves $1', (from, kind, value) => {
  expect(signalOf(from)).toEqual({ event: 'e', kind, atMs: NINE, ...(value !== undefined && { value }) });
});

test('a signal names its user', () => {
  expect(signalOf(event('comment', 'e', NINE, { ...of, user: 'u-7', text: 'hm' }))?.user).toBe('u-7');
});

test.each([
  turn(0, 'weather'),
  event('response', 'e', NINE, { ...of, response: { text: 'sunny' } }),
  event('exposure', 'e', NINE, { policy: 'p', variant: 'v', propensity: 0.5, unit: 'u-1' }),
  event('erasure', 'e', NINE, { user: 'u-1' }),
])('$name leaves no signal', (from) => {
  expect(signalOf(from)).toBeUndefined();
});
