import { tenantId } from '@heed/kernel';
import { expect, it } from 'vitest';
import { WorkQueue } from './work-queue.ts';

const [shop, bank] = [tenantId('shop'), tenantId('bank')] as const;

/** Somebody who asks: ends their work when told to, goes when told to, and notes what they are told. */
function caller(queue: WorkQueue, tenant = shop) {
  const told: string[] = [];
  const begun = Promise.withResolvers<'begun'>();
  const end = Promise.withResolvers<string>();
  const gone = new AbortController();
  const watch = { progress: ({ step }: { step: string }) => told.push(step), signal: gone.signal };
  const result = queue.run(tenant, watch, () => {
    told.push('begun');
    begun.resolve('begun');
    return end.promise;
  });
  // Looked at later, or not at all.
  result.catch(() => undefined);
  return { told, begun: begun.promise, end, gone, result };
}

it('works off what was asked for in its order, one at a time, and tells each how many are before it', async () => {
  const queue = new WorkQueue();
  const [first, second, third] = [caller(queue), caller(queue), caller(queue, bank)] as const;
  await first.begun;
  expect([second.told, third.told]).toEqual([['waiting for 1 other'], ['waiting for 2 others']]);
  first.end.resolve('one');
  expect(await first.result).toBe('one');
  await second.begun;
  expect(third.told).toEqual(['waiting for 2 others', 'waiting for 1 other']);
  second.end.reject(new Error('the second fails'));
  await expect(second.result).rejects.toThrow('the second fails');
  await third.begun;
  third.end.resolve('three');
  expect(await third.result).toBe('three');
  expect(first.told).toEqual(['begun']);
});

it('refuses a tenant that asks for more than its part, and everybody when all places are taken', async () => {
  const queue = new WorkQueue({ ofTenant: 2, inAll: 3 });
  const [first] = [caller(queue), caller(queue)] as const;
  await expect(caller(queue).result).rejects.toMatchObject({
    code: 'work-queue-full',
    message: expect.stringContaining('Of this tenant 2 ') as string,
  });
  caller(queue, bank);
  await expect(caller(queue, bank).result).rejects.toMatchObject({
    code: 'work-queue-full',
    message: expect.stringContaining('There are 3 ') as string,
  });
  first.end.resolve('done');
  await first.result;
  await expect(Promise.race([caller(queue, bank).result, Promise.resolve('waits')])).resolves.toBe('waits');
});

it('lets go of who goes while waiting: the place is free, and the others move up', async () => {
  const queue = new WorkQueue({ ofTenant: 3, inAll: 3 });
  const [first, second, third] = [caller(queue), caller(queue), caller(queue)] as const;
  await first.begun;
  second.gone.abort(new Error('the second went'));
  await expect(second.result).rejects.toThrow('the second went');
  expect(second.told).toEqual(['waiting for 1 other']);
  expect(third.told).toEqual(['waiting for 2 others', 'waiting for 1 other']);
  const fourth = caller(queue);
  expect(fourth.told).toEqual(['waiting for 2 others']);
  for (const { end } of [first, third, fourth]) end.resolve('done');
  expect(await fourth.result).toBe('done');
});

it('does not begin work whose caller went at the moment of its turn, or before', async () => {
  const queue = new WorkQueue();
  const [first, second] = [caller(queue), caller(queue)] as const;
  await first.begun;
  const told: string[] = [];
  // Who comes third is told in the step that gave the second one its turn.
  const progress = ({ step }: { step: string }): void => {
    told.push(step);
    if (told.length === 2) second.gone.abort(new Error('gone'));
  };
  const { signal } = new AbortController();
  const third = queue.run(shop, { progress, signal }, () => Promise.resolve('three'));
  first.end.resolve('done');
  await expect(second.result).rejects.toThrow('gone');
  expect(second.told).toEqual(['waiting for 1 other']);
  expect(await third).toBe('three');
  const gone = { progress, signal: AbortSignal.abort(new Error('gone before')) };
  await expect(queue.run(shop, gone, () => Promise.resolve('begun'))).rejects.toThrow('gone before');
});
