import type { LogPosition } from '@heed/events';
import type { SessionId } from '@heed/kernel';
import type { SqlValues } from './warehouse.ts';

/** The user's own id of a session, whichever part of it a row is of. */
export const BASE_SESSION = 'substringIndex(session, char(31), 1)';

/** The session that a repeated event is of. */
export const BASE_SCOPE = 'substringIndex(scope, char(31), 1)';

/** What erasures take: what was received before the moment that goes with its seal; nothing is received before 1970. See `sealValues`. */
export const UNDER_SEALS =
  'received_at_ms < toInt64(transform(sealed_by, {seals:Array(String)}, {beforeMs:Array(UInt64)}, toUInt64(0)))';

/** The key of a dead letter that was refused at the edge. All others are events that poisoned their session, under the event's own key. */
export const VERDICT_KEY = `(startsWith(key, '!') AND NOT startsWith(key, '!event:'))`;

/**
 * A condition on rows of sessions: their position is not beyond the last that was read of their session. See `lastPositionValues`, which have one
 * session at least. Who slept while he was about to delete takes nothing that was written meanwhile.
 */
export function upToLast(position: string, base: string): string {
  return `${position} <= transform(${base}, {lastOf:Array(String)}, {lastPositions:Array(UInt64)}, toUInt64(0))`;
}

export function lastPositionValues(last: ReadonlyMap<SessionId, LogPosition>) {
  return { lastOf: [...last.keys()], lastPositions: [...last.values()].map(BigInt) } satisfies SqlValues;
}
