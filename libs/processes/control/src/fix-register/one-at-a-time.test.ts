import { expect, it } from 'vitest';
import { OneAtATime } from './one-at-a-time.ts';

it('runs one after another under a key, whatever became of the one before, and keys apart', async () => {
  const turns = new OneAtATime();
  const seen: string[] = [];
  const gate = Promise.withResolvers<undefined>();
  const first = turns.run('a', async () => {
    seen.push('a1 begins');
    await gate.promise;
    seen.push('a1 ends');
    throw new Error('a1 failed');
  });
  const second = turns.run('a', () => {
    seen.push('a2');
    return Promise.resolve(2);
  });
  await turns.run('b', () => Promise.resolve(seen.push('b')));
  gate.resolve(undefined);
  await expect(first).rejects.toThrow('a1 failed');
  expect(await second).toBe(2);
  expect(seen).toEqual(['a1 begins', 'b', 'a1 ends', 'a2']);
});
