import {
  sessionOfPart,
  type FiledEvent,
  type KnownSession,
  type SessionChanges,
  type SessionKey,
  type SessionStore,
} from '@heed/sessions';
import { keyOf } from './key-of.ts';

/** Characters that are remembered. */
const MOST = 32 * 1024 * 1024;
/** What there is of an event beside its body, and of a session beside its events, counted as so many. */
const BESIDE = 300;

/**
 * A store that nobody else writes to while it is remembered what was written: sessions that go on need not be read back, which costs a warehouse the
 * more the more it has. Whoever lets others write calls `forget` before he writes again. Of sessions in parts nothing is remembered.
 */
export class RememberingStore implements SessionStore {
  readonly #store: SessionStore;
  readonly #most: number;
  /** The one that was written longest ago first. */
  readonly #remembered = new Map<string, KnownSession>();
  #characters = 0;

  constructor(store: SessionStore, most = MOST) {
    this.#store = store;
    this.#most = most;
  }

  forget(): void {
    this.#remembered.clear();
    this.#characters = 0;
  }

  async known(keys: readonly SessionKey[]): Promise<readonly KnownSession[]> {
    const remembered = keys.flatMap((key) => this.#remembered.get(keyOf(key)) ?? []);
    const others = keys.filter((key) => !this.#remembered.has(keyOf(key)));
    if (others.length === 0) return remembered;
    const found = await this.#store.known(others);
    for (const session of found) this.#remember(session);
    return [...remembered, ...found];
  }

  knownParts(...asked: Parameters<SessionStore['knownParts']>): ReturnType<SessionStore['knownParts']> {
    return this.#store.knownParts(...asked);
  }

  places(...asked: Parameters<SessionStore['places']>): ReturnType<SessionStore['places']> {
    return this.#store.places(...asked);
  }

  async apply(changes: SessionChanges): Promise<void> {
    try {
      await this.#store.apply(changes);
    } catch (thrown) {
      // Some of it may be written.
      this.forget();
      throw thrown;
    }
    const filed = Map.groupBy(changes.filed, keyOf);
    for (const one of changes.derived)
      this.#learn(one, filed.get(keyOf({ ...one, session: one.session.session })) ?? []);
  }

  #learn(
    { tenant, session: { session, day }, previousDay, continued }: SessionChanges['derived'][number],
    filed: readonly FiledEvent[],
  ): void {
    const key = keyOf({ tenant, session });
    const before = this.#remembered.get(key);
    this.#drop(key);
    const isPart = continued === true || sessionOfPart(session) !== session;
    if (isPart || (before === undefined && previousDay !== undefined)) return;
    const events = [...(before?.events ?? []), ...filed].sort((a, b) => a.position - b.position);
    this.#remember({ tenant, session, day, events });
  }

  #remember(session: KnownSession): void {
    const own = charactersOf(session);
    // One that alone is too much would drive out all the others.
    if (session.continued === true || own > this.#most) return;
    this.#remembered.set(keyOf(session), session);
    this.#characters += own;
    for (const key of this.#remembered.keys()) {
      if (this.#characters <= this.#most) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    const session = this.#remembered.get(key);
    if (session === undefined) return;
    this.#remembered.delete(key);
    this.#characters -= charactersOf(session);
  }
}

function charactersOf({ events }: KnownSession): number {
  return events.reduce((sum, { body }) => sum + BESIDE + body.length, BESIDE);
}
