import { err, ok } from '@heed/kernel';
import type { EventStore, StoredEvent } from '@heed/policies';

/** The event store as one array. Data goes through JSON, so that what comes out is what a database would give. */
export function inMemoryEventStore(): EventStore {
  const stored: StoredEvent[] = [];
  const versionOf = (stream: string): number => stored.filter((event) => event.stream === stream).length;
  return {
    load: (stream) => Promise.resolve(stored.filter((event) => event.stream === stream)),
    append: (stream, expectedVersion, events, recordedAtMs, quiet) => {
      const actual = versionOf(stream);
      if (actual !== expectedVersion) {
        return Promise.resolve(err({ code: 'wrong-version', expected: expectedVersion, actual }));
      }
      const overtakes = (event: StoredEvent): boolean =>
        quiet !== undefined && quiet.streams.includes(event.stream) && event.position > quiet.after;
      if (stored.some(overtakes)) return Promise.resolve(err({ code: 'not-quiet' }));
      for (const [index, { type, data }] of events.entries()) {
        stored.push({
          stream,
          version: actual + index + 1,
          position: stored.length + 1,
          type,
          data: JSON.parse(JSON.stringify(data)) as unknown,
          recordedAtMs,
        });
      }
      return Promise.resolve(ok(actual + events.length));
    },
    readAll: (streamPrefix, afterPosition) =>
      Promise.resolve(
        stored.filter((event) => event.stream.startsWith(streamPrefix) && event.position > afterPosition),
      ),
    head: () => Promise.resolve(stored.length),
  };
}
