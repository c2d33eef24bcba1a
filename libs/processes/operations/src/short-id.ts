/** Twelve digits of 48 bits: a tenant with a million dead letters has two of one short id with a probability of 1 in 500. */
const DIGITS = 12;

/**
 * What people type for a dead letter: the beginning of the digest in its key. The key of an orphan or a poisoned event is the event's id,
 * and stays as it is.
 *
 * @example shortId('!unreadable:021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96') // '021fb596db81'
 */
export function shortId(key: string): string {
  const digest = /^![a-z-]+:([0-9a-f]{64})$/u.exec(key)?.[1];
  return digest?.slice(0, DIGITS) ?? key;
}
