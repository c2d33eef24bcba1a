import 'reflect-metadata';
import { tenantId } from '@heed/kernel';
import { PROJECTOR_GROUP } from '@heed/platform';
import { inMemoryEventLog } from '@heed/testing';
import { expect, it } from 'vitest';
import { LagController } from './lag.controller.ts';

const entry = (key: string) => ({
  tenant: tenantId('default'),
  key,
  session: 's-1',
  body: `{"id":"${key}"}`,
  receivedAtMs: 0,
});

it('tells how far the log reaches and how far the warehouse has read it', async () => {
  const log = inMemoryEventLog();
  const controller = new LagController(log);
  await log.append(['a', 'b', 'c'].map(entry));
  const before = await controller.lag();
  expect(before).toMatchObject({ committed: 0, entries: 3 });

  const reading = log.consume(PROJECTOR_GROUP, { maxBatch: 10 }, () => Promise.resolve());
  await expect
    .poll(() => controller.lag())
    .toEqual({ head: before.head, committed: before.head, entries: 0 });
  await reading.stop();
  await log.close();
});
