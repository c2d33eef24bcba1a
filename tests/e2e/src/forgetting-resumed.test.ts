import { describe, expect, it, vi } from 'vitest';
import { houseForEach, type House } from './forgetting/house.ts';
import { STEPS } from './forgetting/interruptions.ts';
import { everydayTraffic, turn } from './forgetting/traffic.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('an erasure that is cut off', () => {
  let house: House;
  houseForEach((opened) => (house = opened));

  it.each(STEPS)('is finished by whoever looks next when it is cut off at "%s"', async (step) => {
    await house.take(everydayTraffic());
    house.fixes.propose('of-ada', 'play secret jazz', 'play secret blues');
    await expect(house.eraseUntil(step, 'ada')).rejects.toThrow(`cut off at ${step}`);
    expect(await house.register.pending(10)).toHaveLength(1);
    // Killed there, and started again: what the projector reads meanwhile is no worse for it.
    await house.take([turn('meanwhile', 'a-1', 'bob', 'BYSTANDER meanwhile')]);
    await house.carryOutPending();
    await house.expectForgotten('SECRET');
    expect(house.fixes.why('of-ada')).toMatch(/a user was forgotten/u);
    expect(await house.find('meanwhile')).toEqual(['filed_events', 'sessions']);
  });
});
