import { sessionId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { ErasureTallies } from './erasure-tallies.ts';

const [S, T] = [sessionId('s'), sessionId('t')];

describe('what erasures have come to', () => {
  it('is the same however often a try is made again', () => {
    const tallies = new ErasureTallies();
    tallies.noteEvent('a', 1);
    tallies.noteSession('a', S);
    tallies.noteLabels([S], new Map([[S, 3]]));
    // The first try took the session out and failed: there are no labels when the second begins.
    tallies.noteLabels([S], new Map());
    tallies.noteEvent('a', 1);
    tallies.noteEvent('a', 2);
    tallies.noteSession('a', S);
    tallies.noteLabels([S], new Map([[S, 1]]));
    expect(tallies.of(['a'])).toEqual([{ events: 2, sessions: 1, labels: 2 }]);
  });

  it('counts what two take to the one that was noted first', () => {
    const tallies = new ErasureTallies();
    for (const erasure of ['a', 'b']) {
      tallies.noteEvent(erasure, 1);
      tallies.noteSession(erasure, S);
    }
    tallies.noteEvent('b', 2);
    tallies.noteLabels([S], new Map([[S, 2]]));
    tallies.noteLabels([S], new Map());
    expect(tallies.of(['b', 'a', 'c'])).toEqual([
      { events: 1, sessions: 1, labels: 0 },
      { events: 1, sessions: 1, labels: 2 },
      { events: 0, sessions: 0, labels: 0 },
    ]);
  });

  it('is dropped when it is told, and that of the others stays', () => {
    const tallies = new ErasureTallies();
    for (const [erasure, position, session] of [
      ['a', 1, S],
      ['b', 2, T],
    ] as const) {
      tallies.noteEvent(erasure, position);
      tallies.noteSession(erasure, session);
      tallies.noteLabels([session], new Map([[session, 1]]));
      tallies.noteLabels([session], new Map());
    }
    tallies.drop(new Set(['a']));
    expect(tallies.of(['a', 'b'])).toEqual([
      { events: 0, sessions: 0, labels: 0 },
      { events: 1, sessions: 1, labels: 1 },
    ]);
  });

  it('has fewer labels gone, and never less than none, when others are there by then', () => {
    const tallies = new ErasureTallies();
    tallies.noteSession('a', S);
    tallies.noteLabels([S], new Map([[S, 1]]));
    tallies.noteLabels([S], new Map([[S, 4]]));
    expect(tallies.of(['a'])).toEqual([{ events: 0, sessions: 1, labels: 0 }]);
  });
});
