import { fixId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { switchOff } from './switch-off.ts';

const after = (
  successes: number,
  sessions: number,
  sourceSuccesses: number,
  sourceSessions: number,
): string | null =>
  switchOff({ fix: fixId('f'), state: 1n, sessions, successes, sourceSessions, sourceSuccesses });

describe('switchOff', () => {
  it('leaves a fix that wins, one that ties, and one of which nothing is known', () => {
    expect([after(90, 100, 10, 100), after(30, 100, 30, 100), after(0, 0, 30, 100)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('waits until it is sure', () => {
    expect(after(1, 1, 100, 100)).toBeNull();
    expect([after(0, 19, 100, 100), after(0, 20, 100, 100) === null]).toEqual([null, false]);
    expect(after(14, 50, 60, 150)).toBeNull();
    expect(after(9, 50, 60, 150)).not.toBeNull();
  });

  it('says what was counted and how sure it is', () => {
    expect(after(2, 40, 60, 150)).toBe(
      'its turns ended well in 2 of 40 sessions, the request without it in 60 of 150: it is worse with a probability of more than 0.999',
    );
  });
});
