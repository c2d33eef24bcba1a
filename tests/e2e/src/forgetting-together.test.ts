import { describe, expect, it, vi } from 'vitest';
import { houseForEach, type House } from './forgetting/house.ts';
import { erasureOf, event, everydayTraffic, OTHER, TENANT, turn } from './forgetting/traffic.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('forgetting many users, and one who cannot be forgotten', () => {
  let house: House;
  houseForEach((opened) => (house = opened));

  it('forgets many at once, with one pause and one writing of each table', async () => {
    const users = Array.from({ length: 60 }, (_, n) => `user-${String(n)}`);
    await house.take([
      ...users.flatMap((user, n) => [
        turn(`t-${user}`, `s-${String(n % 40)}`, user, `SECRET of ${user}`, n),
        event(`o-${user}`, `o-${user}`, 'heed.comment.v1', { turn: 'none', user, text: 'SECRET too' }, n),
        event(`x-${user}`, `s-${user}`, 'heed.nothing.v1', { user, text: 'SECRET of no type' }, n),
      ]),
      turn('t-bob', 's-0', 'bob', 'BYSTANDER asks'),
    ]);
    await house.take([...users, ...users, 'nobody', 'never-seen'].map(erasureOf));
    expect(await house.register.pending(1000)).toHaveLength(122);
    const { pauses, written } = await house.carryOutPending();
    expect(pauses).toBe(1);
    expect(written.toSorted()).toEqual(['dead_letters', 'filed_events', 'sessions']);
    expect(await house.find('BYSTANDER')).toEqual(['filed_events', 'sessions']);
    expect(await house.eventsErased()).toBe(180);
    await house.expectForgotten('SECRET');
  });

  it('writes no table anew for somebody of whom there is nothing', async () => {
    await house.take([...everydayTraffic(), ...['nobody', 'never-seen', 'nobody'].map(erasureOf)]);
    expect(await house.carryOutPending()).toEqual({ pauses: 1, written: [] });
  });

  it('goes on with the others when one cannot be carried out, says why, and tries it again later', async () => {
    const users = Array.from({ length: 7 }, (_, n) => `user-${String(n)}`);
    await house.take([...users.flatMap(ownTraffic), ...users.map(erasureOf)]);
    await house.take([turn('t-zoe', 'own-zoe', 'zoe', 'SECRET-zoe'), erasureOf('zoe', 99)], 2, OTHER);
    house.refusal.sessions = ['own-user-3'];
    await house.tryPending();
    expect(await house.find('SECRET-user-3')).toEqual(['filed_events', 'sessions']);
    for (const user of ['user-0', 'user-2', 'user-4', 'user-6', 'zoe'])
      expect(await house.find(`SECRET-${user}`)).toEqual([]);
    const erasures = await house.register.list(TENANT, 10);
    expect(erasures.map(({ result }) => result?.events)).toEqual([undefined, 2, 2, 2, 2, 2, 2]);
    expect(erasures[0]).toMatchObject({ tries: 1, failure: { why: 'own-user-3 is not for us' } });
    await house.tryPending();
    expect((await house.register.list(TENANT, 1))[0]).toMatchObject({ tries: 1 });
    house.later(1000);
    await house.tryPending();
    expect((await house.register.list(TENANT, 1))[0]).toMatchObject({ tries: 2 });
    house.later(2000);
    house.refusal.sessions = [];
    await house.tryPending();
    await house.expectForgotten('SECRET');
    expect(await house.register.pending(10)).toEqual([]);
  });

  it('tells the figures of all tries together, when one was refused after it was done', async () => {
    const users = Array.from({ length: 5 }, (_, n) => `user-${String(n)}`);
    await house.take([...users.flatMap(ownTraffic), ...users.map(erasureOf)]);
    Object.assign(house.refusal, { sessions: ['own-user-2'], isLate: true });
    await house.tryPending();
    house.later(1000);
    house.refusal.sessions = [];
    await house.tryPending();
    const results = (await house.register.list(TENANT, 10)).map(({ result }) => result);
    expect(results).toEqual(users.map(() => expect.objectContaining({ events: 2, sessions: 1 }) as unknown));
    await house.expectForgotten('SECRET');
  });

  it('lets the projection go on after so many tries that fail, and finishes the rest in the next pauses', async () => {
    const users = Array.from({ length: 24 }, (_, n) => `user-${String(n).padStart(2, '0')}`);
    const refused = users.slice(0, 22);
    await house.take([...users.flatMap(ownTraffic), ...users.map(erasureOf)]);
    house.refusal.sessions = refused.map((user) => `own-${user}`);
    await house.tryPending();
    expect(Math.max(...house.refusedInPauses)).toBeLessThanOrEqual(16);
    const erasures = await house.register.list(TENANT, 100);
    expect(erasures.filter(({ tries }) => tries === 1)).toHaveLength(refused.length);
    expect(erasures.filter(({ result }) => result?.events === 2)).toHaveLength(2);
    house.later(1000);
    house.refusal.sessions = [];
    await house.tryPending();
    expect(await house.eventsErased()).toBe(48);
    await house.expectForgotten('SECRET');
  });

  it('finishes those of the tenant in hand when it is stopped, and leaves the other tenants to the next start', async () => {
    await house.take([...ownTraffic('ada'), erasureOf('ada', 1)]);
    await house.take([...ownTraffic('zoe'), erasureOf('zoe', 2)], 3, OTHER);
    await house.stopAtFirstReach();
    expect(await house.register.list(TENANT, 10)).toMatchObject([{ result: { events: 2 } }]);
    expect(await house.register.pending(10)).toMatchObject([{ tenant: OTHER, tries: 0, reach: null }]);
    await house.tryPending();
    expect(await house.register.list(OTHER, 10)).toMatchObject([{ result: { events: 2 } }]);
  });

  it('tells who asked why it is not finished, and finishes it later', async () => {
    await house.take(everydayTraffic());
    house.refusal.sessions = ['a-2'];
    const refused = expect(house.erase('ada')).rejects;
    await refused.toMatchObject({ code: 'erasure-not-finished', message: /a-2 is not for us/u });
    house.later(1000);
    house.refusal.sessions = [];
    await house.tryPending();
    await house.expectForgotten('SECRET');
  });

  it('has nothing left to do when the tenant is removed meanwhile, and says so', async () => {
    await house.take(everydayTraffic());
    house.beforeReach = () => house.log.removeTenant(TENANT);
    await expect(house.erase('ada')).rejects.toMatchObject({ code: 'tenant-removed' });
    expect(await house.register.pending(10)).toEqual([]);
  });
});

/** A turn in a session of the user's own, and what was refused of them. */
function ownTraffic(user: string): readonly string[] {
  return [
    turn(`t-${user}`, `own-${user}`, user, `SECRET-${user}`),
    event(`x-${user}`, `own-${user}`, 'heed.nothing.v1', { user, text: 'SECRET of no type' }),
  ];
}
