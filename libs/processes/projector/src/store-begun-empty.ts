import type { KnownSession, SessionKey, SessionStore } from '@heed/sessions';
import { BloomFilter } from './bloom-filter.ts';
import { keyOf } from './key-of.ts';

/**
 * A store that held nothing when this was made and that nobody else writes to: it is asked only for sessions that may have been written. To look
 * for a session that is not there costs a warehouse the more the more it has, and most sessions of a replay are not there yet.
 */
export function storeBegunEmpty(store: SessionStore): SessionStore {
  const written = new BloomFilter();
  const among = async (
    keys: readonly SessionKey[],
    ask: (keys: readonly SessionKey[]) => Promise<readonly KnownSession[]>,
  ): Promise<readonly KnownSession[]> => {
    const possible = keys.filter((key) => written.mayHave(keyOf(key)));
    return possible.length === 0 ? [] : ask(possible);
  };
  return {
    known: (keys) => among(keys, (possible) => store.known(possible)),
    knownParts: (keys) => among(keys, (possible) => store.knownParts(possible)),
    places: (asked) => store.places(asked),
    apply: (changes) => {
      for (const { tenant, session } of changes.derived)
        written.add(keyOf({ tenant, session: session.session }));
      return store.apply(changes);
    },
  };
}
