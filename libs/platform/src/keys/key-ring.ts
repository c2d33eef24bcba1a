import {
  apiKeyEventFromStored,
  evolveApiKey,
  initialApiKey,
  type ApiKey,
  type ApiKeyId,
  type ApiKeyState,
  type EventStore,
} from '@heed/policies';
import { timingSafeEqual } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { hashOfKey, readKeyText, type FreshKey } from './key-text.ts';

const PREFIX = 'api-key/';
export const apiKeyStreamOf = (id: ApiKeyId): string => `${PREFIX}${id}`;

interface Stream {
  readonly version: number;
  readonly state: ApiKeyState;
}

const NO_STREAM: Stream = { version: 0, state: initialApiKey };

/** Compared with where no key of that id is, so that an unknown id takes as long as a wrong secret. */
const NOBODYS_HASH = '0'.repeat(64);

/**
 * Every key, folded from the event store and held in memory: to look at one costs no request anywhere. What this process changes it
 * knows at once (`refresh`); what others change as soon as it reads again (`keepReading`).
 */
export class KeyRing {
  readonly #store: EventStore;
  readonly #owner: ApiKey | undefined;
  readonly #streams = new Map<string, Stream>();
  readonly #origins = new Set<string>();
  #position = 0;

  private constructor(store: EventStore, owner: ApiKey | undefined) {
    this.#store = store;
    this.#owner = owner;
  }

  /** @param owner a key that opens everything and stands in no store, for whoever owns the machine (see `heed.service.json`) */
  static async open(store: EventStore, owner?: FreshKey): Promise<KeyRing> {
    const ring = new KeyRing(store, owner && ownersKey(owner));
    await ring.refresh();
    return ring;
  }

  /** Whether a key was ever made. A revoked one counts: Heed must not open up again because the last key was taken back. */
  get hasKeys(): boolean {
    return this.#streams.size > 0;
  }

  /** The keys of the store, the revoked ones too, in the order they were made. */
  *all(): Generator<ApiKey> {
    for (const { state } of this.#streams.values()) if (state.status !== 'none') yield state;
  }

  /** A key as it stands, and the version of its stream. */
  at(id: ApiKeyId): Stream {
    return this.#streams.get(apiKeyStreamOf(id)) ?? NO_STREAM;
  }

  /** The key that a text is; null for everything else, whether it is wrong, unknown or revoked. */
  unlockedBy(text: string): ApiKey | null {
    const read = readKeyText(text);
    if (read === null) return null;
    const key = read.id === this.#owner?.id ? this.#owner : this.at(read.id).state;
    const hash = key.status === 'none' ? NOBODYS_HASH : key.hash;
    if (!timingSafeEqual(Buffer.from(hash, 'hex'), hashOfKey(text))) return null;
    return key.status === 'active' ? key : null;
  }

  /** Whether any key, a revoked one too, works from pages of this origin. */
  knowsOrigin(origin: string): boolean {
    return this.#origins.has(origin);
  }

  /** Takes in what is new in the store. Each event counts once, however many read at the same time. */
  async refresh(): Promise<void> {
    for (const event of await this.#store.readAll(PREFIX, this.#position)) {
      this.#position = Math.max(this.#position, event.position);
      const { version, state } = this.#streams.get(event.stream) ?? NO_STREAM;
      if (event.version <= version) continue;
      const after = evolveApiKey(state, apiKeyEventFromStored(event));
      this.#streams.set(event.stream, { version: event.version, state: after });
      if (after.status !== 'none') for (const origin of after.origins) this.#origins.add(origin);
    }
  }

  /**
   * Reads again and again, `everyMs` after the reading before has ended, until `stopping`: then resolves. While the store does not
   * answer, the keys that were known last go on to count.
   */
  async keepReading(
    everyMs: number,
    stopping: AbortSignal,
    onFault: (fault: unknown) => void,
  ): Promise<void> {
    while (await waited(everyMs, stopping)) {
      try {
        await this.refresh();
      } catch (fault) {
        if (!stopping.aborted) onFault(fault);
      }
    }
  }
}

/** False when it was stopped instead. */
async function waited(ms: number, stopping: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal: stopping, ref: false });
    return true;
  } catch {
    return false;
  }
}

function ownersKey({ id, hash }: FreshKey): ApiKey {
  return {
    status: 'active',
    id,
    kind: 'admin',
    tenant: null,
    name: 'owner of the data folder',
    origins: [],
    requestsPerSecond: Number.MAX_SAFE_INTEGER,
    hash,
    created: { atMs: 0, who: 'heed', why: 'the service started' },
    revoked: null,
  };
}
