import type { SessionStore } from '@heed/sessions';
import type { Metrics } from './metrics.ts';

/** The same store, with what the projector writes counted. */
export function measuredSessionStore(store: SessionStore, metrics: Metrics): SessionStore {
  return {
    known: (keys) => store.known(keys),
    knownParts: (keys) => store.knownParts(keys),
    places: (asked) => store.places(asked),
    apply: async (changes) => {
      await store.apply(changes);
      metrics.storedEvents.inc(changes.filed.length);
      metrics.derivedSessions.inc(changes.derived.length);
      for (const { reason } of changes.deadLetters) metrics.deadLetters.inc({ reason });
    },
  };
}
