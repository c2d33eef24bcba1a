import type { DataSubject } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { KeyCache, type CachedKey } from './key-cache.ts';
import { freshKeyBytes, sealingKey } from './subject-key.ts';

const user = (id: string): DataSubject => ({ kind: 'user', tenant: tenantId('default'), id });
const cached = (id: string, sinceMs = 0): CachedKey => ({ key: sealingKey(id, freshKeyBytes()), sinceMs });

describe('the keys at hand', () => {
  it('are found by whose they are', () => {
    const keys = new KeyCache(100);
    const [ada, session] = [cached('key of ada'), cached('key of session')];
    keys.add(user('ada'), ada);
    keys.add({ ...user('ada'), kind: 'session' }, session);
    expect(keys.find(user('ada'))).toBe(ada);
    expect(keys.find({ ...user('ada'), kind: 'session' })).toBe(session);
    expect(keys.find({ ...user('ada'), tenant: tenantId('other') })).toBeUndefined();
  });

  it('are so many at most, and stay while they are used', () => {
    const keys = new KeyCache(100);
    keys.add(user('ada'), cached('key of ada'));
    for (let n = 0; n < 1000; n++) {
      keys.add(user(`u-${n}`), cached(`key of u-${n}`));
      if (n % 10 === 0) expect(keys.find(user('ada'))?.key.id).toBe('key of ada');
    }
    const held = Array.from({ length: 1000 }, (_, n) => n).filter(
      (n) => keys.find(user(`u-${n}`)) !== undefined,
    );
    expect(held).toContain(999);
    expect(held.length).toBeGreaterThanOrEqual(49);
    expect(held.length).toBeLessThanOrEqual(100);
  });

  it('are gone once forgotten, whichever they are, and forgotten is no other', () => {
    const keys = new KeyCache(10);
    const ids = Array.from({ length: 9 }, (_, n) => `u-${n}`);
    for (const id of ids) keys.add(user(id), cached(`key of ${id}`));
    const held = ids.filter((id) => keys.find(user(id)) !== undefined);
    const [first = '', ...others] = held;
    keys.forget([`key of ${first}`, 'a key that nobody holds']);
    expect(keys.find(user(first))).toBeUndefined();
    expect(others.filter((id) => keys.find(user(id)) === undefined)).toEqual([]);
    keys.forget(ids.map((id) => `key of ${id}`));
    expect(ids.filter((id) => keys.find(user(id)) !== undefined)).toEqual([]);
  });

  it('are the newest of each: the one before is known no more', () => {
    const keys = new KeyCache(100);
    const second = cached('second', 5);
    keys.add(user('ada'), cached('first'));
    keys.add(user('ada'), second);
    keys.forget(['first']);
    expect(keys.find(user('ada'))).toBe(second);
    keys.forget(['second']);
    expect(keys.find(user('ada'))).toBeUndefined();
  });
});
