import { tenantId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { digestOf, identityOf, KnownKeys, type KnownKey } from './known-keys.ts';

describe('known keys', () => {
  it('forget the one that was not heard of for longest', () => {
    const keys = new KnownKeys(2);
    const [a, b, c] = [known(), known(), known()];
    keys.add('a', a);
    keys.add('b', b);
    expect(keys.find('a')).toBe(a);
    keys.add('c', c);
    expect([keys.find('a'), keys.find('b'), keys.find('c')]).toEqual([a, undefined, c]);
  });

  it('forget the one that is meant, not another in its place', () => {
    const keys = new KnownKeys(2);
    const [first, second] = [known(), known()];
    keys.add('a', second);
    keys.forget('a', first);
    expect(keys.find('a')).toBe(second);
    keys.forget('a', second);
    expect(keys.find('a')).toBeUndefined();
  });
});

describe('an identity', () => {
  const of = (tenant: string, key: string) => identityOf({ tenant: tenantId(tenant), key });

  it('takes bounded room, and is another for another tenant or key', () => {
    const long = 'k'.repeat(5_000);
    const identities = [
      of('a', 'b'),
      of('b', 'b'),
      of('a', ''),
      of('a', `${long}1`),
      of('a', `${long}2`),
      of('a', `${long}\ud800`),
      of('a', `${long}\ufffd`),
    ];
    expect(new Set(identities).size).toBe(identities.length);
    for (const identity of identities) expect(identity.length).toBeLessThanOrEqual(96);
  });
});

describe('a digest', () => {
  it('is another for every other body, also where only half a surrogate pair differs', () => {
    const bodies = ['', '1', '1 ', '\ud800', '\ud801', '\ufffd', '"\\ud800"'];
    expect(new Set(bodies.map(digestOf)).size).toBe(bodies.length);
  });
});

function known(): KnownKey {
  return { digest: '', body: undefined, flight: undefined, place: undefined };
}
