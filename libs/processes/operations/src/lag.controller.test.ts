import 'reflect-metadata';
import type { EventLog } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { PROJECTOR_GROUP } from '@heed/platform';
import { inMemoryEventLog } from '@heed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LagController } from './lag.controller.ts';

const entry = (key: string) => ({
  tenant: tenantId('default'),
  key,
  session: 's-1',
  body: `{"id":"${key}"}`,
  receivedAtMs: 0,
});

/** Reads as the projector until it has read so many. */
async function project(log: EventLog, count: number): Promise<void> {
  let read = 0;
  const enough = Promise.withResolvers<undefined>();
  const reading = log.consume(PROJECTOR_GROUP, { maxBatch: 1 }, async () => {
    if (++read === count) enough.resolve(undefined);
    // One entry a batch, and none after the last that is wanted.
    if (read > count) await Promise.reject(new Error('enough'));
  });
  await enough.promise;
  await reading.stop();
}

describe('the lag', () => {
  let log: EventLog;
  let controller: LagController;
  beforeEach(() => {
    log = inMemoryEventLog();
    controller = new LagController(log);
  });
  afterEach(() => log.close());

  it('tells how far the log reaches and how far the warehouse has read it', async () => {
    await log.append(['a', 'b', 'c'].map(entry));
    expect(await controller.lag(null, {})).toEqual({
      entries: 3,
      ahead: null,
      log: { head: 3, committed: 0 },
    });
    await project(log, 3);
    expect(await controller.lag(null, {})).toEqual({
      entries: 0,
      ahead: null,
      log: { head: 3, committed: 3 },
    });
  });

  it('shows a key of one tenant no position of the common log', async () => {
    await log.append([entry('a')]);
    expect(await controller.lag(tenantId('acme'), { wait: 'w' })).toEqual({
      entries: 1,
      ahead: 1,
      log: null,
    });
  });

  it('lets everybody wait for what was there when they began, whatever comes in meanwhile', async () => {
    const acme = tenantId('acme');
    await log.append(['a', 'b'].map(entry));
    expect(await controller.lag(acme, { wait: 'first' })).toMatchObject({ ahead: 2 });
    await project(log, 1);
    await log.append(['c', 'd', 'e'].map(entry));
    expect(await controller.lag(acme, { wait: 'first' })).toMatchObject({ entries: 4, ahead: 1 });
    // Another name, and the same name of another tenant, began later.
    expect(await controller.lag(acme, { wait: 'second' })).toMatchObject({ ahead: 4 });
    expect(await controller.lag(tenantId('other'), { wait: 'first' })).toMatchObject({ ahead: 4 });
    await project(log, 1);
    expect(await controller.lag(acme, { wait: 'first' })).toMatchObject({ entries: 3, ahead: 0 });
  });

  it('begins a wait again that it has forgotten among too many', async () => {
    await log.append([entry('a')]);
    await controller.lag(null, { wait: 'early' });
    await log.append([entry('b')]);
    expect(await controller.lag(null, { wait: 'early' })).toMatchObject({ ahead: 1 });
    for (let other = 0; other < 100; other++) await controller.lag(null, { wait: `other-${other}` });
    expect(await controller.lag(null, { wait: 'early' })).toMatchObject({ ahead: 2 });
  });
});
