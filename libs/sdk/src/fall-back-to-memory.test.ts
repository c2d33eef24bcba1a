import { beforeEach, describe, expect, it } from 'vitest';
import { fallBackToMemory } from './fall-back-to-memory.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { outboxStorageCases } from './outbox-storage.contract.ts';
import type { OutboxStorage } from './outbox-storage.ts';

const limits = { maxEntries: 10, maxBytes: 1000 };
const everything = { maxCount: 100, maxBytes: 1000 };
const entry = (id: string): { id: string; body: string; bytes: number } => ({
  id,
  body: `"${id}"`,
  bytes: 3,
});

let problems: string[];
beforeEach(() => (problems = []));

/** A storage on a disk that can be taken away. */
function disk(): { storage: OutboxStorage; kept: OutboxStorage; breakIt: () => void } {
  const kept = memoryOutbox(limits);
  let broken = false;
  const unlessBroken = <Answer>(answer: () => Promise<Answer>): Promise<Answer> =>
    broken ? Promise.reject(new Error('no room')) : answer();
  const storage: OutboxStorage = {
    shared: true,
    add: (entries) => unlessBroken(() => kept.add(entries)),
    oldest: (bounds) => unlessBroken(() => kept.oldest(bounds)),
    remove: (keys) => unlessBroken(() => kept.remove(keys)),
    ephemeral: () => 0,
  };
  return { storage, kept, breakIt: () => (broken = true) };
}

function fallingBack(storage: OutboxStorage): OutboxStorage {
  return fallBackToMemory(storage, memoryOutbox(limits), ({ code }) => problems.push(code));
}

describe('a storage that falls back to memory', () => {
  it.each(outboxStorageCases)('before it fails: $name', async ({ run }) => {
    let storage: OutboxStorage | undefined;
    await run(
      (given) => (storage ??= fallBackToMemory(memoryOutbox(given), memoryOutbox(given), () => undefined)),
    );
    expect(storage).toBeDefined();
  });

  it.each(['add', 'oldest', 'remove'] as const)(
    'goes on in memory when %s fails, and says so once',
    async (first) => {
      const { storage, breakIt } = disk();
      const falling = fallingBack(storage);
      breakIt();
      if (first === 'add') await falling.add([entry('a')]);
      else if (first === 'oldest') expect(await falling.oldest(everything)).toEqual([]);
      else await falling.remove([1]);
      await falling.add([entry('b')]);
      const found = await falling.oldest(everything);
      expect(found.map(({ id }) => id)).toEqual(first === 'add' ? ['a', 'b'] : ['b']);
      expect(falling.ephemeral()).toBe(found.length);
      await falling.remove(found.map(({ key }) => key));
      expect(await falling.oldest(everything)).toEqual([]);
      expect(problems).toEqual(['storage-failed']);
    },
  );

  it('leaves what was kept for the next page, and never takes its keys for those in memory', async () => {
    const { storage, kept, breakIt } = disk();
    const falling = fallingBack(storage);
    await falling.add([entry('a'), entry('b')]);
    const batch = await falling.oldest(everything);
    breakIt();
    await falling.add([entry('c'), entry('d')]);
    await falling.remove(batch.map(({ key }) => key));
    expect((await falling.oldest(everything)).map(({ id }) => id)).toEqual(['c', 'd']);
    expect((await kept.oldest(everything)).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
