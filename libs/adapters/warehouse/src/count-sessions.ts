/** The session that a row of `sessions` is of, whichever part of it the row is. */
export const SESSION_ID = 'substringIndex(session, char(31), 1)';

/** How many sessions rows of `sessions` are: one in several parts is one session. */
export const SESSION_COUNT = `countIf(NOT in_parts) + uniqExactIf(${SESSION_ID}, continued OR position(session, char(31)) > 0 AS in_parts)`;
