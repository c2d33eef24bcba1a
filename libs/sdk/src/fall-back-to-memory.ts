import type { OnProblem } from './problem.ts';
import type { OutboxStorage } from './outbox-storage.ts';

/** Below 0 with every key there can be, and in the same order. */
const SHIFT = -Number.MAX_SAFE_INTEGER;

/**
 * A storage that goes on in memory from its first failure on: no database in this window, no room on the disk, a database that
 * somebody deleted. What it keeps by then is not lost, it is sent by the next page that can read it.
 */
export function fallBackToMemory(
  storage: OutboxStorage,
  memory: OutboxStorage,
  onProblem: OnProblem,
): OutboxStorage {
  let current = storage;
  const attempt = async <Answer>(run: (on: OutboxStorage) => Promise<Answer>): Promise<Answer> => {
    const used = current;
    try {
      return await run(used);
    } catch (cause) {
      if (used === memory) throw cause;
      if (current === storage) {
        current = memory;
        onProblem({
          code: 'storage-failed',
          message:
            "The browser's storage failed, so events are held in memory and end with this page. What is in the storage is sent when a page can read it again.",
          cause,
        });
      }
      return run(memory);
    }
  };
  return {
    shared: storage.shared,
    // Keys of what is in memory travel as negative ones, so that those of a batch read before the failure hit nothing there.
    add: (entries) =>
      attempt(async (on) => {
        const keys = await on.add(entries);
        return on === memory ? keys.map((key) => key && key + SHIFT) : keys;
      }),
    oldest: (bounds) =>
      attempt(async (on) => {
        const found = await on.oldest(bounds);
        return on === memory ? found.map((entry) => ({ ...entry, key: entry.key + SHIFT })) : found;
      }),
    remove: (keys) =>
      attempt((on) =>
        on.remove(on === memory ? keys.filter((key) => key < 0).map((key) => key - SHIFT) : keys),
      ),
    ephemeral: () => storage.ephemeral() + memory.ephemeral(),
  };
}
