import { describe, expect, it, vi } from 'vitest';
import { houseForEach, type House } from './forgetting/house.ts';
import { event, everydayTraffic, longTraffic, TENANT, turn } from './forgetting/traffic.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('forgetting a user', () => {
  let house: House;
  houseForEach((opened) => (house = opened));

  it('leaves the warehouse as a replay has it, the accounts balanced, and nothing that the user wrote', async () => {
    await house.take(everydayTraffic());
    expect(await house.find('SECRET')).not.toEqual([]);
    const result = await house.erase('ada');
    expect(result).toMatchObject({ events: 9, sessions: 4 });
    expect(result.labels).toBeGreaterThan(0);
    await house.expectForgotten('SECRET');
    expect(await house.find('BYSTANDER')).toEqual(['filed_events', 'sessions']);
    expect(await house.erase('ada')).toMatchObject({ events: 0, labels: 0 });
    await house.expectForgotten('SECRET');
  });

  it('keeps the words of others in a session where the user only reacted', async () => {
    await house.take(everydayTraffic());
    await house.erase('eve');
    expect(await house.find('SECRET')).not.toEqual([]);
    expect(await house.find('ANSWER')).toEqual(['filed_events', 'sessions']);
    await house.expectForgotten('EVES');
  });

  it('leaves the rows of everybody else as they are, however often somebody who only reacted is forgotten', async () => {
    await house.take(everydayTraffic());
    const others = await house.rowsBut('k-1');
    for (const times of [1, 2, 3]) {
      await house.erase('eve');
      expect({ times, rows: await house.rowsBut('k-1') }).toEqual({ times, rows: others });
      await house.expectForgotten('EVES');
    }
    await house.take([
      event('k-2', 'e-1', 'heed.reaction.v1', { turn: 't-6', user: 'eve', kind: 'like' }, 3),
    ]);
    await house.erase('eve');
    expect(await house.rowsBut('k-1', 'k-2')).toEqual(others);
    await house.expectForgotten('EVES');
  });

  it.each([1, 2, 3])(
    'comes out as a replay whatever the sessions are, long ones too: seed %i',
    async (seed) => {
      await house.take(longTraffic(seed), 13 * seed);
      await house.erase('user-1');
      await house.expectForgotten('SECRET-user-1-');
      await house.take(longTraffic(seed + 100), 11 * seed);
      await house.erase('user-2');
      await house.expectForgotten('SECRET-user-2-');
    },
  );

  it('forgets by an event of the log, as soon as the projector has read it', async () => {
    await house.take([...everydayTraffic(), event('forget', 'any', 'heed.erasure.v1', { user: 'ada' })]);
    const [pending] = await house.register.pending(10);
    expect(pending).toMatchObject({ tenant: TENANT, reach: null });
    await house.carryOutPending();
    await house.expectForgotten('SECRET');
    await house.readAgain();
    expect(await house.register.pending(10)).toEqual([]);
    await house.expectForgotten('SECRET');
  });

  it('keeps a user who comes back, and leaves erased what is sent again', async () => {
    await house.take(everydayTraffic());
    await house.erase('ada');
    expect(new Set(await house.take(everydayTraffic()))).toEqual(new Set(['duplicate']));
    await house.take([turn('again', 'a-1', 'ada', 'I AM BACK')]);
    expect(await house.find('I AM BACK')).toEqual(['filed_events', 'sessions']);
    await house.expectForgotten('SECRET');
    await house.rebuild();
    expect(await house.find('I AM BACK')).toEqual(['filed_events', 'sessions']);
    expect(await house.find('SECRET')).toEqual([]);
  });

  it('marks the fixes that rest on the sessions as stale, and no others', async () => {
    await house.take(everydayTraffic());
    house.fixes.propose('of-ada', 'play secret jazz', 'play secret blues');
    house.fixes.propose('of-nobody', 'play secret blues', 'play folk');
    const { fixesMarkedStale } = await house.erase('ada');
    expect(fixesMarkedStale).toEqual(['of-ada']);
    expect(house.fixes.why('of-ada')).toMatch(/a user was forgotten/u);
    expect(house.fixes.why('of-nobody')).toBeUndefined();
  });

  it('redacts the reason that somebody gives', async () => {
    await house.take(everydayTraffic());
    await house.erase('ada', 'asked by ada@example.org');
    expect(await house.inLog('heed.erasure')).toEqual([
      expect.stringContaining('asked by [redacted:email]') as unknown,
    ]);
    await house.expectForgotten('SECRET');
  });
});
