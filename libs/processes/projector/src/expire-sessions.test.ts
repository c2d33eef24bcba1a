import { sessionId, tenantId, type SessionId } from '@heed/kernel';
import { ruleModels, type AgedSession, type ExpirableRows } from '@heed/sessions';
import { expect, it } from 'vitest';
import { ExpireSessions } from './expire-sessions.ts';

const TENANT = tenantId('t');

/** Only what whole sessions take, and how many of them were asked for at once. */
class SilentSessions implements ExpirableRows {
  readonly askedFor: (readonly SessionId[])[] = [];
  #left: readonly AgedSession[];

  constructor(sessions: readonly AgedSession[]) {
    this.#left = sessions;
  }

  sessionsBefore(): Promise<readonly AgedSession[]> {
    const page = this.#left;
    this.#left = [];
    return Promise.resolve(page);
  }

  positionsOf(_: unknown, sessions: readonly SessionId[]): ReturnType<ExpirableRows['positionsOf']> {
    this.askedFor.push(sessions);
    return Promise.resolve(new Map(sessions.map((session, index) => [session, [index]])));
  }

  removeSessions(): Promise<void> {
    return Promise.resolve();
  }

  lettersBefore(): ReturnType<ExpirableRows['lettersBefore']> {
    return Promise.resolve({ letters: [], notes: [], positions: [] });
  }

  newestReceivedMs = notAsked;
  receivedDaysMs = notAsked;
  receivedMs = notAsked;
  removeLetters = notAsked;
  noteExpired = notAsked;
  rewrite = notAsked;
}

function notAsked(): Promise<never> {
  return Promise.reject(new Error('nobody asks for this here'));
}

it('holds the places of so many entries at once, or of one session that has more', async () => {
  const rows = new SilentSessions(
    [400_000, 100_000, 1, 2_000_000, 3].map((entries, index) => ({
      ...{ session: sessionId(`s-${String(index)}`), newestMs: 1, entries },
    })),
  );
  const expiry = new ExpireSessions(rows, { models: ruleModels, partEvents: 100 }, () => Promise.resolve());
  const horizon = { horizonMs: 10, untilMs: 20, days: 1 };
  expect(await expiry.expire(TENANT, [horizon])).toMatchObject({ sessions: 5, entries: 5 });
  expect(rows.askedFor).toEqual([['s-0', 's-1'], ['s-2'], ['s-3'], ['s-4']]);
});
