import { withinBounds, type KeptEntry, type OutboxLimits, type OutboxStorage } from './outbox-storage.ts';

/** Holds events in memory: they end with the page or the process. What servers use, and browsers whose storage is closed to the page. */
export function memoryOutbox({ maxEntries, maxBytes }: OutboxLimits): OutboxStorage {
  // A Map gives its entries in the order they came, and forgets one in constant time.
  const kept = new Map<number, KeptEntry>();
  let bytesKept = 0;
  let lastKey = 0;

  return {
    shared: false,
    add: (entries) =>
      Promise.resolve(
        entries.map((entry) => {
          if (kept.size >= maxEntries || bytesKept + entry.bytes > maxBytes) return null;
          lastKey += 1;
          kept.set(lastKey, { ...entry, key: lastKey });
          bytesKept += entry.bytes;
          return lastKey;
        }),
      ),
    oldest: (bounds) => Promise.resolve(withinBounds(kept.values(), bounds)),
    remove: (keys) => {
      for (const key of keys) {
        bytesKept -= kept.get(key)?.bytes ?? 0;
        kept.delete(key);
      }
      return Promise.resolve();
    },
    ephemeral: () => kept.size,
  };
}
