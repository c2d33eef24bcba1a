import { cloudEventOf, type EventData, type EventName, type EventType, type LogEntry } from '@heed/events';
import { seededRandom, sessionId, tenantId } from '@heed/kernel';
import {
  ruleModels,
  sessionOfPart,
  type KnownSession,
  type SessionChanges,
  type SessionKey,
} from '@heed/sessions';
import { InMemorySessionStore } from '@heed/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectBatch } from './project-batch.ts';

const TENANT = tenantId('tenant');
const NOON = Date.UTC(2026, 2, 2, 12);
const rules = { models: ruleModels, partEvents: 8 };

describe('a session of many events', () => {
  it('goes on in further parts, of which none is much longer than a part should be', async () => {
    const store = new CountingStore();
    await projectBatch(logOf(7, 100), store, rules);
    const parts = store.sessions(TENANT);
    expect(parts.length).toBeGreaterThan(6);
    expect(new Set(parts.map(({ session }) => sessionOfPart(session)))).toEqual(new Set(['s']));
    for (const { storedEvents, orphans } of parts)
      expect(storedEvents + orphans.length).toBeLessThanOrEqual(16);
    expect(storedIn(store)).toBe(100);
  });

  it('comes out the same in batches of any size, cut off anywhere and begun again, and however often they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 3 })), {
          minLength: 100,
          maxLength: 100,
        }),
        async (seed, steps) => {
          const log = logOf(seed, 90);
          const expected = new InMemorySessionStore();
          await projectBatch(log, expected, rules);
          const store = new TearingStore(seed);
          for (let start = 0, i = 0; start < log.length; i++) {
            const [size = 1, how = 0] = steps[i] ?? [];
            const batch = log.slice(start, start + size);
            store.isTearing = how === 1;
            await projectBatch(batch, store, rules).catch(() => undefined);
            store.isTearing = false;
            // Cut off, the log gives it again from the same place, be it in a batch of another size.
            if (how !== 1) start += size;
            if (how === 2) await projectBatch(batch, store, rules);
            if (how === 3) await projectBatch(log.slice(Math.max(0, start - 40), start), store, rules);
          }
          expect(rowsOf(store)).toEqual(rowsOf(expected));
        },
      ),
      { seed: 11, numRuns: 150 },
    );
  });

  it('is long by its events, and not by how often they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 12 }),
        async (seed, length, again) => {
          const log = logOf(seed, length);
          const expected = new InMemorySessionStore();
          await projectBatch(log, expected, rules);
          const store = new InMemorySessionStore();
          for (const entry of log) await projectBatch([entry], store, rules);
          // The log from anywhere in it once more, also twice in a batch, and at another place.
          for (const [from, size] of again) {
            const batch = log.slice(from % length).slice(0, size);
            await projectBatch([...batch, ...batch], store, rules);
          }
          expect(await placesOf(store)).toEqual(await placesOf(expected));
          expect(rowsOf(store)).toEqual(rowsOf(expected));
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  it('knows an event again wherever in it the event stands', async () => {
    const store = new CountingStore();
    const log = logOf(3, 60);
    await projectBatch(log, store, rules);
    const before = rowsOf(store);
    const again = log.filter((_, i) => i % 7 === 0).map((entry, i) => ({ ...entry, position: 1000 + i }));
    await projectBatch(again, store, rules);
    expect(rowsOf(store)).toEqual(before);
    expect(store.repeats(TENANT).map(({ position }) => position)).toContain(1000);
  });

  it('costs per batch what a part costs, not what the session does', async () => {
    const store = new CountingStore();
    const costs: number[] = [];
    for (let start = 0; start < 2000; start += 5) {
      store.read = 0;
      await projectBatch(
        Array.from({ length: 5 }, (_, i) => turn(start + i)),
        store,
        rules,
      );
      costs.push(store.read);
    }
    expect(storedIn(store)).toBe(2000);
    expect(Math.max(...costs.slice(200))).toBeLessThanOrEqual(Math.max(...costs.slice(0, 200)));
    expect(Math.max(...costs)).toBeLessThanOrEqual(16);
  });

  it('takes any number of events about one turn, of which those that come too late have no effect', async () => {
    const store = new CountingStore();
    for (let i = 0; i < 100; i++) await projectBatch([i === 0 ? turn(0) : reaction(i, 0)], store, rules);
    const [first, ...others] = store.sessions(TENANT);
    expect(first?.turns[0]?.signals).toHaveLength(15);
    expect(storedIn(store)).toBe(100);
    expect(others.flatMap(({ turns, orphans }) => [...turns, ...orphans])).toEqual([]);
  });

  it('takes over a session that had become long before there were parts', async () => {
    const store = new CountingStore();
    await projectBatch(
      Array.from({ length: 50 }, (_, i) => turn(i)),
      store,
      { ...rules, partEvents: 1000 },
    );
    await projectBatch([turn(50), reaction(51, 3)], store, rules);
    store.read = 0;
    await projectBatch([turn(52)], store, rules);
    expect(store.read).toBeLessThanOrEqual(8);
    expect(store.sessions(TENANT).map(({ turns }) => turns.length)).toEqual([50, 2]);
  });

  it('is no matter to the others of its batch', async () => {
    const store = new CountingStore();
    const others = Array.from({ length: 20 }, (_, i) => turn(500 + i, `short-${i}`));
    await projectBatch([...logOf(5, 40), ...others], store, rules);
    expect(store.asked).toEqual(['s']);
    expect(store.sessions(TENANT).filter(({ session }) => session.startsWith('short'))).toHaveLength(20);
  });
});

/** Counts what is read from it. */
class CountingStore extends InMemorySessionStore {
  read = 0;
  readonly asked: string[] = [];

  override async known(keys: readonly SessionKey[]): Promise<readonly KnownSession[]> {
    return this.#count(await super.known(keys));
  }

  override async knownParts(keys: readonly SessionKey[]): Promise<readonly KnownSession[]> {
    return this.#count(await super.knownParts(keys));
  }

  override places(...[asked]: Parameters<InMemorySessionStore['places']>) {
    this.asked.push(...asked.map(({ session }) => session));
    return super.places(asked);
  }

  #count(known: readonly KnownSession[]): readonly KnownSession[] {
    this.read = known.reduce((total, { events }) => total + events.length, this.read);
    return known;
  }
}

/** Writes, while it tears, what a process would have written that ended in between: all places or none, then some events, then some sessions. */
class TearingStore extends InMemorySessionStore {
  readonly #random: () => number;
  isTearing = false;

  constructor(seed: number) {
    super();
    this.#random = randomOf(seed);
  }

  override async apply(changes: SessionChanges): Promise<void> {
    if (!this.isTearing) return super.apply(changes);
    const some = <T>(rows: readonly T[]): readonly T[] => rows.filter(() => this.#random() < 0.5);
    const none = { filed: [], derived: [], deadLetters: [] };
    if (changes.places !== undefined) {
      if (this.#random() < 0.7) return super.apply(changes);
    } else {
      const isFiled = this.#random() < 0.3;
      await super.apply({ ...none, filed: isFiled ? changes.filed : some(changes.filed) });
      if (isFiled) await super.apply({ ...none, derived: some(changes.derived) });
    }
    throw new Error('cut off');
  }
}

function randomOf(seed: number): () => number {
  const random = seededRandom(seed >>> 0);
  return () => random.next();
}

function storedIn(store: InMemorySessionStore): number {
  return store
    .sessions(TENANT)
    .reduce((sum, { storedEvents, orphans }) => sum + storedEvents + orphans.length, 0);
}

/** Whether it is marked as one in several parts, and which part each of its events is in. */
async function placesOf(store: InMemorySessionStore) {
  const key = { tenant: TENANT, session: sessionId('s') };
  const [known] = await store.known([key]);
  const names = Array.from({ length: 12 }, (_, n) => [`e-${n}`, `t-${n}`]).flat();
  const places = await store.places([{ ...key, names }]);
  return {
    continued: known?.continued === true,
    places: new Set(places.map(({ kind, name, part, events }) => `${kind} ${name} ${part} ${events}`)),
  };
}

function rowsOf(store: InMemorySessionStore) {
  return [...store.sessions(TENANT)].sort((a, b) => (a.session < b.session ? -1 : 1));
}

/** Turns, and late, early and doubled talk about them, and about none. */
function logOf(seed: number, length: number): readonly LogEntry[] {
  const random = randomOf(seed);
  return Array.from({ length }, (_, n) => {
    const kind = random();
    const about = Math.max(0, n - Math.floor(random() ** 3 * 60) + (random() < 0.1 ? 10 : 0));
    if (kind < 0.55) return turn(n);
    if (kind < 0.6) return turn(n, 's', about);
    return kind < 0.9 ? reaction(n, about) : outcome(n);
  });
}

function turn(n: number, session = 's', names = n): LogEntry {
  return entry(n, session, 'heed.turn.v1', { turn: `t-${names}`, request: { text: `request ${n % 5}` } });
}

function reaction(n: number, about: number): LogEntry {
  return entry(n, 's', 'heed.reaction.v1', { turn: `t-${about}`, kind: n % 2 === 0 ? 'love' : 'dislike' });
}

function outcome(n: number): LogEntry {
  return entry(n, 's', 'heed.outcome.v1', { name: 'success', value: n % 2 === 0 });
}

function entry<Name extends EventName>(
  n: number,
  session: string,
  type: EventType<Name>,
  data: EventData[Name],
): LogEntry {
  const id = `e-${n}`;
  const body = cloudEventOf({
    type,
    id,
    session,
    source: '/test',
    timeMs: NOON + ((n * 7) % 50) * 1000,
    data,
  });
  return {
    tenant: TENANT,
    key: id,
    session,
    position: n + 1,
    receivedAtMs: NOON + 86_400_000,
    body: JSON.stringify(body),
  };
}
