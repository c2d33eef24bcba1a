import { sessionId, tenantId, type SessionId, type TenantId } from '@heed/kernel';
import { partKey, type FiledEvent, type Place, type SessionStore } from '@heed/sessions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainSession, type ChainSessionSpec } from './chain-session.ts';

const NEXT_PART = partKey(sessionId('s'), 1);

export interface SessionStoreUnderTest {
  readonly sessions: SessionStore;
  readonly close?: () => Promise<void>;
}

/** What every `SessionStore` must do. The store is opened once; each test has a tenant of its own. */
export function sessionStoreContract(name: string, open: () => Promise<SessionStoreUnderTest>): void {
  describe(`${name} as a SessionStore`, () => {
    let opened: SessionStoreUnderTest;
    let tenants = 0;
    const aTenant = (): TenantSessions =>
      new TenantSessions(opened.sessions, tenantId(`session-tenant-${tenants++}`));
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    afterAll(async () => {
      await opened.close?.();
    });

    it('knows nothing of a session it was never given', async () => {
      expect(await aTenant().known('s')).toEqual([]);
    });

    it('asked for none answers none', async () => {
      expect(await aTenant().known()).toEqual([]);
    });

    it('knows the events of a session in the order of the log, and the day it is counted under', async () => {
      const tenant = aTenant();
      const [first, second] = [tenant.event('s', 3), tenant.event('s', 11)];
      await tenant.put({ session: 's', day: '2026-03-02' }, [second, first]);
      expect(await tenant.known('s')).toEqual([
        { tenant: tenant.id, session: 's', day: '2026-03-02', events: [first, second] },
      ]);
    });

    it('adds events to those it has', async () => {
      const tenant = aTenant();
      const [first, second] = [tenant.event('s', 1), tenant.event('s', 2)];
      await tenant.put({ session: 's' }, [first]);
      await tenant.put({ session: 's', day: '2026-03-04' }, [second]);
      expect(await tenant.known('s')).toMatchObject([{ day: '2026-03-04', events: [first, second] }]);
    });

    it('is no different when the same changes are written again', async () => {
      const tenant = aTenant();
      const events = [tenant.event('s', 1), tenant.event('s', 2)];
      await tenant.put({ session: 's' }, events);
      const once = await tenant.known('s');
      await tenant.put({ session: 's' }, events);
      expect(await tenant.known('s')).toEqual(once);
    });

    it('gives an event id once, as it came first', async () => {
      const tenant = aTenant();
      const first = tenant.event('s', 1, 'twice');
      await tenant.put({ session: 's' }, [first]);
      await tenant.put({ session: 's' }, [tenant.event('s', 5, 'twice')]);
      expect(await tenant.known('s')).toMatchObject([{ events: [first] }]);
    });

    it('keeps to the day of the highest version when an older one comes after it', async () => {
      const tenant = aTenant();
      await tenant.put({ session: 's', day: '2026-03-09' }, [tenant.event('s', 9)]);
      await tenant.put({ session: 's', day: '2026-03-01' }, [tenant.event('s', 1)]);
      expect(await tenant.known('s')).toMatchObject([{ day: '2026-03-09' }]);
    });

    it('keeps sessions of the same name apart by tenant', async () => {
      const [one, other] = [aTenant(), aTenant()];
      await one.put({ session: 's' }, [one.event('s', 1)]);
      expect(await other.known('s')).toEqual([]);
      await other.put({ session: 's' }, [other.event('s', 2)]);
      expect(await one.known('s')).toMatchObject([{ events: [{ position: 1 }] }]);
    });

    it.each([
      ['quotes and backslashes', `it's "a\\b" \\' {x:String}`],
      ['line ends and tabs', 'a\nb\tc\r\n'],
      ['a NUL', 'a\u0000b'],
      ['characters beyond the basic plane', 'naïve 😀 語'],
    ])('gives bodies and names back as they came: %s', async (_, text) => {
      const tenant = aTenant();
      const event = { ...tenant.event(text, 1), body: text };
      await tenant.put({ session: text }, [event]);
      expect(await tenant.known(text)).toMatchObject([{ session: text, events: [event] }]);
    });

    it('takes half a surrogate pair, which JSON can say and UTF-8 cannot', async () => {
      const tenant = aTenant();
      await tenant.put({ session: 's', states: ['\ud83d alone'] }, [tenant.event('s', 1)]);
      expect(await tenant.known('s')).toHaveLength(1);
    });

    it('finds the known ones among thousands', async () => {
      const tenant = aTenant();
      const names = Array.from({ length: 9000 }, (_, i) => `session-${i}-${'x'.repeat(30)}`);
      const known = names.filter((_, i) => i % 1000 === 0);
      for (const session of known) await tenant.put({ session }, [tenant.event(session, 1)]);
      const found = await tenant.known(...names);
      expect(found.map(({ session }) => session).sort()).toEqual(known.sort());
    });

    it('gives of a session that is continued no events until they are asked for by parts', async () => {
      const tenant = aTenant();
      const [first, second] = [tenant.event('s', 1), { ...tenant.event(NEXT_PART, 2), apart: true as const }];
      await tenant.put({ session: 's' }, [first], true);
      await tenant.put({ session: NEXT_PART }, [second]);
      expect(await tenant.known('s')).toMatchObject([{ session: 's', events: [], continued: true }]);
      const parts = await tenant.knownParts('s', NEXT_PART);
      expect(parts.map(({ session, events }) => [session, events])).toEqual(
        expect.arrayContaining([
          ['s', [first]],
          [NEXT_PART, [second]],
        ]) as unknown,
      );
    });

    it('tells the parts of a session, and the places of what it is asked for', async () => {
      const [one, other] = [aTenant(), aTenant()];
      await one.place('s', [
        { kind: 'event', name: 'e-1', part: 0, events: 0 },
        { kind: 'turn', name: 'e-1', part: 1, events: 0 },
        { kind: 'event', name: "it's \\ 😀", part: 1, events: 0 },
        { kind: 'part', name: '', part: 0, events: 7 },
        { kind: 'part', name: '', part: 1, events: 1 },
      ]);
      await one.place('s', [{ kind: 'part', name: '', part: 1, events: 12 }]);
      await one.place('s2', [{ kind: 'event', name: 'e-1', part: 5, events: 0 }]);
      await other.place('s', [{ kind: 'event', name: 'e-1', part: 6, events: 0 }]);
      const names = Array.from({ length: 20_000 }, (_, n) => `e-${n}`);
      expect(await one.places('s', [...names, "it's \\ 😀"])).toEqual([
        'event e-1 in 0',
        "event it's \\ 😀 in 1",
        'part 0 of 7',
        'part 1 of 12',
        'turn e-1 in 1',
      ]);
      expect(await one.places('s', [])).toEqual(['part 0 of 7', 'part 1 of 12']);
      expect(await one.places('never', ['e-1'])).toEqual([]);
    });

    it('takes a session of many turns', async () => {
      const tenant = aTenant();
      const states = Array.from({ length: 5000 }, (_, i) => `state ${i}`);
      const events = states.map((_, i) => tenant.event('long', i + 1));
      await tenant.put({ session: 'long', states }, events);
      expect((await tenant.known('long'))[0]?.events).toEqual(events);
    });
  });
}

class TenantSessions {
  readonly id: TenantId;
  readonly #store: SessionStore;

  constructor(store: SessionStore, id: TenantId) {
    this.#store = store;
    this.id = id;
  }

  event(session: string, position: number, eventId = `event-${position}`): FiledEvent {
    const body = JSON.stringify({ id: eventId, at: position });
    return {
      tenant: this.id,
      session: sessionId(session),
      eventId,
      position,
      receivedAtMs: 1_772_355_600_000 + position,
      body,
    };
  }

  /** Files the events and writes the session as the projector would, under the position of the newest of them. */
  put(
    spec: Partial<ChainSessionSpec> & { readonly session: string },
    filed: readonly FiledEvent[],
    continued?: true,
  ): Promise<void> {
    const session = chainSession({ states: ['a'], end: 'success', ...spec });
    const version = Math.max(...filed.map(({ position }) => position));
    const row = { tenant: this.id, version, session, ...(continued && { continued }) };
    return this.#store.apply({ filed, derived: [row], deadLetters: [] });
  }

  place(session: string, places: readonly Place[]): Promise<void> {
    const rows = places.map((place) => ({ tenant: this.id, session: sessionId(session), ...place }));
    return this.#store.apply({ filed: [], derived: [], deadLetters: [], places: rows });
  }

  async places(session: string, names: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#store.places([{ tenant: this.id, session: sessionId(session), names }]);
    const texts = rows.map(({ kind, name, part, events }) =>
      kind === 'part' ? `part ${part} of ${events}` : `${kind} ${name} in ${part}`,
    );
    return [...new Set(texts)].sort();
  }

  knownParts(...sessions: readonly string[]): ReturnType<SessionStore['knownParts']> {
    return this.#store.knownParts(
      sessions.map((session) => ({ tenant: this.id, session: sessionId(session) })),
    );
  }

  known(...sessions: readonly string[]): ReturnType<SessionStore['known']> {
    return this.#store.known(
      sessions.map((session): { tenant: TenantId; session: SessionId } => ({
        tenant: this.id,
        session: sessionId(session),
      })),
    );
  }
}
