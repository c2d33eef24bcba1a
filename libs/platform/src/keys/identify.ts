import { TENANT_HEADER } from '@heed/contract';
import { Fault } from '@heed/kernel';
import { parseTenant } from '../tenant.ts';
import { KEYLESS, refuseOtherTenant, type Caller } from './caller.ts';
import type { KeyRing } from './key-ring.ts';
import { keyMissing, keyRefused, presentedKey } from './presented-key.ts';
import { reaches, roleOf, type Role } from './role.ts';
import { tooManyRequests, type TokenBuckets } from './token-bucket.ts';

/** As much of a request as tells who sent it. */
export interface IdentifiableRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & {
    readonly authorization?: string | undefined;
    readonly origin?: string | undefined;
  };
  readonly query: unknown;
}

export interface Admission {
  readonly ring: KeyRing;
  readonly needsKey: () => boolean;
  readonly buckets: TokenBuckets;
  /** For a key that has no rate of its own. */
  readonly requestsPerSecond: number;
}

/**
 * Who sends a request, once it is clear that they may: by their key, its origins, its rate, what it may do and whose data it reaches.
 *
 * @param retryAfter is told in how many seconds a key that sent too much may send again
 * @throws Fault `key-missing`, `key-refused`, `key-in-address`, `origin-refused`, `rate-limited`, `role-too-low`, `wrong-tenant`
 */
export function identify(
  { headers, query }: IdentifiableRequest,
  least: Role,
  { ring, needsKey, buckets, requestsPerSecond }: Admission,
  nowMs: number,
  retryAfter: (seconds: number) => void,
): Caller {
  const text = presentedKey(headers.authorization, query);
  if (text === null) {
    if (needsKey()) throw keyMissing();
    return KEYLESS;
  }
  // Also where none is asked for: a key that is not of this Heed was meant for another one.
  const key = ring.unlockedBy(text);
  if (key === null) throw keyRefused();
  if (key.kind === 'browser') refuseOtherOrigin(key.origins, headers.origin);
  const rate = key.requestsPerSecond ?? requestsPerSecond;
  const waitSeconds = buckets.take(key.id, rate, nowMs);
  if (waitSeconds > 0) {
    retryAfter(waitSeconds);
    throw tooManyRequests(rate);
  }
  const role = roleOf(key);
  if (!reaches(role, least)) throw roleTooLow(role, least);
  const named = headers[TENANT_HEADER];
  if (named !== undefined) refuseOtherTenant(key.tenant, parseTenant(named));
  return { key: key.id, role, boundTo: key.tenant };
}

function refuseOtherOrigin(origins: readonly string[], origin: string | undefined): void {
  if (origin !== undefined && origins.includes(origin)) return;
  throw new Fault(
    'origin-refused',
    origin === undefined
      ? 'A browser key works from web pages alone, and the request names no origin.'
      : 'The browser key does not work from pages of this origin.',
    'Use a server key outside of browsers, or have an admin make a key that names the origin: heed keys create browser --origin URL.',
  );
}

function roleTooLow(role: Role, least: Role): Fault {
  return new Fault(
    'role-too-low',
    `This takes ${inWords(least)}, and the key is ${inWords(role)}.`,
    'Use such a key, or ask whoever has one; docs/keys.md says what each kind may do.',
  );
}

function inWords(role: Role): string {
  if (role === 'operator') return 'an admin key of all tenants';
  return `${/^a/.test(role) ? 'an' : 'a'} ${role} key`;
}
