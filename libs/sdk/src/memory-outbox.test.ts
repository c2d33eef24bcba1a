import { describe, expect, it } from 'vitest';
import { memoryOutbox } from './memory-outbox.ts';
import { outboxStorageCases } from './outbox-storage.contract.ts';
import type { OutboxStorage } from './outbox-storage.ts';

describe('an outbox in memory', () => {
  it.each(outboxStorageCases)('$name', async ({ run }) => {
    let storage: OutboxStorage | undefined;
    await run((limits) => (storage ??= memoryOutbox(limits)));
    expect(storage).toBeDefined();
  });

  it('says how many of its entries end with the process: all', async () => {
    const storage = memoryOutbox({ maxEntries: 10, maxBytes: 100 });
    await storage.add([{ id: 'a', body: '"a"', bytes: 3 }]);
    expect(storage.ephemeral()).toBe(1);
  });
});
