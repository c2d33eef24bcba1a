import type { TenantId } from '@heed/kernel';
import type {
  DerivedSession,
  FiledEvent,
  KnownSession,
  PlaceRow,
  PlacesAsked,
  RedriveRow,
  RepeatRow,
  SessionChanges,
  SessionKey,
  SessionStore,
} from '@heed/sessions';

interface StoredSession {
  readonly version: number;
  readonly session: DerivedSession;
  readonly continued?: true;
}

/** The projector's store in memory: newest version of every session, events filed by session, and which days changed. */
export class InMemorySessionStore implements SessionStore {
  readonly #rows = new Map<string, StoredSession & { readonly tenant: TenantId }>();
  readonly #filed = new Map<string, Map<string, FiledEvent>>();
  readonly #dirtyDays = new Map<TenantId, Set<string>>();
  readonly #deadLetters = new Map<string, SessionChanges['deadLetters'][number]>();
  readonly #redrives = new Map<string, RedriveRow>();
  readonly #repeats = new Map<string, RepeatRow>();
  readonly #places = new Map<string, PlaceRow>();

  known(keys: readonly SessionKey[]): Promise<readonly KnownSession[]> {
    const found = this.#parts(keys).map((one) => {
      const { continued } = this.#rows.get(keyOf(one.tenant, one.session)) ?? {};
      return continued ? { ...one, events: [], continued } : one;
    });
    return Promise.resolve(found);
  }

  knownParts(keys: readonly SessionKey[]): Promise<readonly KnownSession[]> {
    return Promise.resolve(this.#parts(keys));
  }

  places(asked: readonly PlacesAsked[]): Promise<readonly PlaceRow[]> {
    const found = asked.flatMap(({ tenant, session, names }) => {
      const wanted = new Set(names);
      return [...this.#places.values()].filter(
        (place) =>
          place.tenant === tenant &&
          place.session === session &&
          (place.kind === 'part' || wanted.has(place.name)),
      );
    });
    return Promise.resolve(found);
  }

  apply(changes: SessionChanges): Promise<void> {
    for (const event of changes.filed) this.#file(event);
    for (const letter of changes.deadLetters) this.#deadLetters.set(keyOf(letter.tenant, letter.key), letter);
    for (const redrive of changes.redrives ?? [])
      this.#redrives.set(keyOf(redrive.tenant, redrive.letter, redrive.eventId), redrive);
    for (const row of changes.repeated ?? [])
      this.#repeats.set(keyOf(row.tenant, row.session, row.eventId, String(row.position)), row);
    for (const place of changes.places ?? []) this.#place(place);
    for (const { previousDay, ...row } of changes.derived) {
      const { tenant, version, session } = row;
      const key = keyOf(tenant, session.session);
      if ((this.#rows.get(key)?.version ?? -1) <= version) this.#rows.set(key, row);
      this.#mark(tenant, session.day);
      if (previousDay !== undefined) this.#mark(tenant, previousDay);
    }
    return Promise.resolve();
  }

  sessions(tenant: TenantId): readonly DerivedSession[] {
    return [...this.#rows.values()].filter((row) => row.tenant === tenant).map(({ session }) => session);
  }

  deadLetters(tenant: TenantId): readonly SessionChanges['deadLetters'][number][] {
    return [...this.#deadLetters.values()].filter((letter) => letter.tenant === tenant);
  }

  redrives(tenant: TenantId): readonly RedriveRow[] {
    return [...this.#redrives.values()].filter((redrive) => redrive.tenant === tenant);
  }

  /** Each place in the log of what stands there more than once. */
  repeats(tenant: TenantId): readonly RepeatRow[] {
    return [...this.#repeats.values()].filter((row) => row.tenant === tenant);
  }

  /** The tenant's dirty days, oldest first, which are dirty no more. */
  takeDirtyDays(tenant: TenantId): readonly string[] {
    const days = [...(this.#dirtyDays.get(tenant) ?? [])].sort();
    this.#dirtyDays.delete(tenant);
    return days;
  }

  #mark(tenant: TenantId, day: string): void {
    const days = this.#dirtyDays.get(tenant) ?? new Set();
    this.#dirtyDays.set(tenant, days.add(day));
  }

  #parts(keys: readonly SessionKey[]): readonly KnownSession[] {
    return keys.flatMap(({ tenant, session }) => {
      const row = this.#rows.get(keyOf(tenant, session));
      const filed = [...(this.#filed.get(keyOf(tenant, session))?.values() ?? [])];
      filed.sort((a, b) => a.position - b.position);
      return row === undefined ? [] : [{ tenant, session, day: row.session.day, events: filed }];
    });
  }

  #place(place: PlaceRow): void {
    const { tenant, session, kind, name, part } = place;
    const key = keyOf(tenant, session, kind, name, String(part));
    if ((this.#places.get(key)?.events ?? -1) < place.events) this.#places.set(key, place);
  }

  #file(event: FiledEvent): void {
    const key = keyOf(event.tenant, event.session);
    const filed = this.#filed.get(key) ?? new Map<string, FiledEvent>();
    if (!filed.has(event.eventId)) filed.set(event.eventId, event);
    this.#filed.set(key, filed);
  }
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
