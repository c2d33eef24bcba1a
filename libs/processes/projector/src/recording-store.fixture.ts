import type { SessionStore } from '@heed/sessions';

/** The same store, which writes down the sessions that it is asked for, and throws after it has written while `failing` is on. */
export function recording(store: SessionStore, asked: string[], failing = { on: false }): SessionStore {
  return {
    known: (keys) => {
      asked.push(...keys.map(({ session }) => session));
      return store.known(keys);
    },
    knownParts: (keys) => store.knownParts(keys),
    places: (names) => store.places(names),
    apply: async (changes) => {
      await store.apply(changes);
      if (failing.on) throw new Error('cut off after it was written');
    },
  };
}
