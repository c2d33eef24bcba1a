import { parseEvent } from '@heed/events';
import { sessionId } from '@heed/kernel';
import { deriveSession, givenAnswers, ruleModels, withRuledDefects, type SessionEvent } from '@heed/sessions';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../features/feature-reader.ts';
import { observeSession } from './observe-session.ts';
import type { ObservedTurn } from './observed-turn.ts';

type Sent = readonly [afterMs: number, type: string, data: object];

const START_MS = Date.UTC(2026, 1, 1);

/** By way of the real derivation. */
function observed(sent: readonly Sent[], reading: Reading = 'answer'): readonly ObservedTurn[] {
  const events = sent.map(([afterMs, type, data], position): SessionEvent => {
    const time = new Date(START_MS + afterMs).toISOString();
    const envelope = { specversion: '1.0', id: `e-${String(position)}`, source: '/app', subject: 's', time };
    const parsed = parseEvent(JSON.stringify({ ...envelope, type: `heed.${type}.v1`, data }), {
      receivedAtMs: START_MS,
    });
    if (!parsed.ok) throw new Error(parsed.error.detail);
    return { event: parsed.value, position };
  });
  const { turns } = deriveSession(events, ruleModels);
  return observeSession(sessionId('s'), withRuledDefects(turns), givenAnswers(events), reading);
}

const asked = (afterMs: number, turn: string, text: string, answer?: string): Sent => [
  ...([afterMs, 'turn'] as const),
  { turn, user: 'u', request: { text }, ...(answer !== undefined && { response: { text: answer } }) },
];
const answered = (afterMs: number, turn: string, text: string): Sent => [
  ...([afterMs, 'response'] as const),
  { turn, response: { text } },
];
const reacted = (afterMs: number, turn: string, kind: string): Sent => [
  ...([afterMs, 'reaction'] as const),
  { turn, user: 'u', kind },
];

const judged = (turn: ObservedTurn | undefined): unknown => [
  turn?.response,
  turn?.reactions.map(({ kind }) => kind),
];

describe('the answer that a reaction is held for', () => {
  it('is the one that stood when it was given, not one that was made in its place', () => {
    const [turn] = observed([
      asked(0, 't', 'play jazz'),
      answered(1000, 't', 'Playing polka.'),
      reacted(2000, 't', 'thumbs-down'),
      answered(3000, 't', 'Playing jazz.'),
    ]);
    expect(judged(turn)).toEqual(['Playing polka.', ['thumbs-down']]);
    expect(JSON.stringify(turn)).not.toContain('Playing jazz.');
  });

  it('may have come with the turn', () => {
    const [turn] = observed([
      asked(0, 't', 'play jazz', 'Playing polka.'),
      reacted(2000, 't', 'thumbs-down'),
      answered(3000, 't', 'Playing jazz.'),
    ]);
    expect(judged(turn)).toEqual(['Playing polka.', ['thumbs-down']]);
  });

  it('is the last that was reacted to, with the reactions to it alone', () => {
    const [turn] = observed([
      asked(0, 't', 'play jazz'),
      answered(1000, 't', 'Playing polka.'),
      reacted(2000, 't', 'thumbs-down'),
      answered(3000, 't', 'Playing jazz.'),
      reacted(4000, 't', 'love'),
      answered(5000, 't', 'Playing the blues.'),
    ]);
    expect(judged(turn)).toEqual(['Playing jazz.', ['love']]);
  });

  it('is none where there was none yet, and the last where there was no reaction', () => {
    const early = observed([asked(0, 't', 'hi'), reacted(500, 't', 'love'), answered(1000, 't', 'Hello.')]);
    expect(judged(early[0])).toEqual(['', ['love']]);
    const silent = observed([asked(0, 't', 'hi'), answered(1, 't', 'Hello.'), answered(2, 't', 'Hi.')]);
    expect(judged(silent[0])).toEqual(['Hi.', []]);
  });
});

describe('what was said before', () => {
  it('holds no answer that was not there yet when the turn was asked', () => {
    const [, turn] = observed([
      asked(0, 'slow', 'the weather'),
      asked(1000, 't', 'and play jazz', 'Playing jazz.'),
      answered(2000, 'slow', 'It rains.'),
    ]);
    expect(turn?.context.map(({ text }) => text)).toEqual(['the weather', 'and play jazz']);
  });

  it('holds the answer that stood then', () => {
    const [, turn] = observed([
      asked(0, 'twice', 'the weather'),
      answered(500, 'twice', 'It rains.'),
      asked(1000, 't', 'and play jazz', 'Playing jazz.'),
      answered(2000, 'twice', 'It snows.'),
    ]);
    expect(turn?.context.map(({ text }) => text)).toEqual(['the weather', 'It rains.', 'and play jazz']);
  });
});

describe('turns that only thank or take leave', () => {
  const sent = [
    asked(0, 't', 'play jazz', 'Playing jazz.'),
    asked(1000, 'thanks', 'thank you', 'My pleasure.'),
    asked(2000, 'leave', 'bye', 'Goodbye.'),
  ];
  const kept = (turns: readonly ObservedTurn[]) => turns.map(({ keptByRules }) => keptByRules);

  it('are known as such to what is held against the rules, and to nothing else', () => {
    expect(kept(observed(sent, 'aftermath'))).toEqual([undefined, true, true]);
    expect(kept(observed(sent))).toEqual([undefined, undefined, undefined]);
  });
});
