export const DEFAULT_SESSION_GAP_MS = 30 * 60_000;
const DEFAULT_OPEN_USERS = 100_000;

export interface IdleGapOptions {
  /** More than this between two requests of a user begins a new session, milliseconds. */
  readonly gapMs?: number;
  /** Users remembered at a time; past it, the one longest not seen is forgotten and begins anew. Bounds the memory. */
  readonly openUsers?: number;
}

interface OpenSession {
  readonly id: string;
  readonly lastMs: number;
}

/**
 * Gives each request of a user the session it belongs to, for logs that have none: a gap of more than `gapMs` between a user's
 * neighbouring requests begins a new session. The id is the user and the time of the session's first request, so the same log
 * read again from its beginning gives the same ids.
 */
export function idleGapSessions(options: IdleGapOptions = {}): (user: string, timeMs: number) => string {
  const { gapMs = DEFAULT_SESSION_GAP_MS, openUsers = DEFAULT_OPEN_USERS } = options;
  const open = new Map<string, OpenSession>();
  return (user, timeMs) => {
    const known = open.get(user);
    const goesOn = known !== undefined && Math.abs(timeMs - known.lastMs) <= gapMs;
    const id = goesOn ? known.id : `${user}@${new Date(timeMs).toISOString()}`;
    // A map keeps the order of insertion: taking the user out and in again moves them to the young end.
    open.delete(user);
    open.set(user, { id, lastMs: timeMs });
    if (open.size > openUsers) forgetOldest(open);
    return id;
  };
}

function forgetOldest(open: Map<string, OpenSession>): void {
  for (const user of open.keys()) {
    open.delete(user);
    return;
  }
}
