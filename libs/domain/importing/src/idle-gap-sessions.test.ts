import { describe, expect, it } from 'vitest';
import { idleGapSessions } from './idle-gap-sessions.ts';

const MINUTE = 60_000;

describe('sessions from an idle gap', () => {
  it('go on up to the gap and begin anew after it', () => {
    const sessionOf = idleGapSessions({ gapMs: 30 * MINUTE });
    const first = sessionOf('u', 0);
    expect(sessionOf('u', 30 * MINUTE)).toBe(first);
    expect(sessionOf('u', 60 * MINUTE + 1)).not.toBe(first);
  });

  it('are each user’s own', () => {
    const sessionOf = idleGapSessions();
    expect(sessionOf('u', 0)).not.toBe(sessionOf('v', 0));
  });

  it('are half an hour apart unless told otherwise', () => {
    const sessionOf = idleGapSessions();
    expect(sessionOf('u', 0)).toBe(sessionOf('u', 30 * MINUTE));
    expect(sessionOf('v', 0)).not.toBe(sessionOf('v', 31 * MINUTE));
  });

  it('take a request from a little earlier as part of the session', () => {
    const sessionOf = idleGapSessions();
    expect(sessionOf('u', 5 * MINUTE)).toBe(sessionOf('u', 4 * MINUTE));
  });

  it('forget the user longest not seen when there are too many', () => {
    const sessionOf = idleGapSessions({ openUsers: 2 });
    const [u, v] = [sessionOf('u', 0), sessionOf('v', 0)];
    expect(sessionOf('u', 1)).toBe(u);
    sessionOf('w', 1);
    expect(sessionOf('u', 2)).toBe(u);
    expect(sessionOf('v', 2)).not.toBe(v);
  });
});
