import { Fault } from '@heed/kernel';
import { readKeyText } from './key-text.ts';

const BEARER = /^Bearer +(\S+) *$/i;

/**
 * The key that a request brings: in `Authorization: Bearer`, or, since `navigator.sendBeacon` can set no header, as the query
 * parameter `key`. Addresses end up in logs, so that only a browser key, which is public anyway, may stand in one. Null when there is
 * none; other schemes of `Authorization` belong to whatever stands in front of Heed.
 *
 * @throws Fault `key-in-address`, `key-refused`
 */
export function presentedKey(authorization: string | undefined, query: unknown): string | null {
  const [, bearer] = BEARER.exec(authorization ?? '') ?? [];
  if (bearer !== undefined) return bearer;
  if (typeof query !== 'object' || query === null || !('key' in query)) return null;
  const { key } = query;
  if (typeof key !== 'string') throw keyRefused();
  const read = readKeyText(key);
  if (read === null || read.kind === 'browser') return key;
  throw new Fault(
    'key-in-address',
    `A ${read.kind} key may not stand in an address, for addresses are written into logs.`,
    'Send it in the header Authorization: Bearer KEY. Revoke this one and make another: somebody may have read it.',
  );
}

/** One answer for every key that opens nothing: it does not tell which keys there are. */
export function keyRefused(): Fault {
  return new Fault(
    'key-refused',
    'The key does not open this Heed: it is wrong, or it was revoked.',
    'Check that it is whole and meant for this Heed, or have an admin make a new one with `heed keys create`.',
  );
}

export function keyMissing(): Fault {
  return new Fault(
    'key-missing',
    'This Heed asks for a key, and the request brings none.',
    'Send it in the header Authorization: Bearer KEY (the heed command: HEED_KEY). `heed keys create` makes one; on the machine itself --data opens the door.',
  );
}
