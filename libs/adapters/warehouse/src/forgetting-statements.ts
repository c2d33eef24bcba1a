/** The user's own id of a session, whichever part of it a row is of. */
export const BASE_SESSION = 'substringIndex(session, char(31), 1)';

/**
 * What erasures take: see `ErasedSeals`. Each of `dated`, of which there is one at least, takes what was received before its own moment among
 * `beforeMs`; nothing is received before 1970.
 */
export const UNDER_SEALS = `(sealed_by IN {destroyed:Array(String)} OR received_at_ms < toInt64(transform(sealed_by, {dated:Array(String)}, {beforeMs:Array(UInt64)}, toUInt64(0))))`;

/** The key of a dead letter that was refused at the edge. All others are events that poisoned their session, under the event's own key. */
export const VERDICT_KEY = `(startsWith(key, '!') AND NOT startsWith(key, '!event:'))`;
