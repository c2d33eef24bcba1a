import { cloudEventOf, redrivenEntry, type LogEntry } from '@heed/events';
import { eventId, sessionId, tenantId } from '@heed/kernel';
import { ruleModels, type SessionChanges, type SessionModels, type SessionStore } from '@heed/sessions';
import { InMemorySessionStore } from '@heed/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectBatch } from './project-batch.ts';

const TENANT = tenantId('tenant');
const NOON = Date.UTC(2026, 2, 2, 12);
const rules = { models: ruleModels };

describe('projectBatch', () => {
  it('makes one session of the events of a session', async () => {
    const store = await projected([
      turn(1, 's', 'play jazz'),
      turn(2, 's', 'play some jazz'),
      turn(3, 'other', 'lights on'),
    ]);
    expect(store.sessions(TENANT)).toMatchObject([
      { session: 's', turns: [{ request: 'play jazz' }, { request: 'play some jazz' }] },
      { session: 'other', turns: [{ request: 'lights on' }] },
    ]);
  });

  it('adds to a session what a later batch brings, and marks the day it leaves', async () => {
    const store = await projected([turn(1, 's', 'play jazz')]);
    store.takeDirtyDays(TENANT);
    await projectBatch([turn(2, 's', 'stop', NOON + 12.2 * 3_600_000)], store, rules);
    expect(store.sessions(TENANT)).toMatchObject([{ turns: [{}, {}], storedEvents: 2 }]);
    expect(store.takeDirtyDays(TENANT)).toEqual(['2026-03-02', '2026-03-03']);
  });

  it('gives the session the position of its newest event as version', async () => {
    const store = new RecordingStore();
    await projectBatch([turn(7, 's', 'a'), turn(9, 's', 'b')], store, rules);
    await projectBatch([turn(12, 's', 'c')], store, rules);
    expect(store.versions).toEqual([9, 12]);
  });

  it('comes out the same whatever the batches, their order within a session, and however often one comes again', async () => {
    const entries = Array.from({ length: 24 }, (_, i) =>
      turn(i + 1, `s${i % 5}`, `request ${i % 7}`, NOON + (i % 3) * 60_000),
    );
    const expected = await projected(entries);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(entries, { minLength: entries.length }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 24, maxLength: 24 }),
        async (shuffled, sizes) => {
          const store = new InMemorySessionStore();
          for (let start = 0, i = 0; start < shuffled.length; start += sizes[i++] ?? 1) {
            const batch = shuffled.slice(start, start + (sizes[i] ?? 1));
            await projectBatch(batch, store, rules);
            if (i % 3 === 0) await projectBatch(batch, store, rules);
          }
          expect(bySession(store)).toEqual(bySession(expected));
        },
      ),
      { seed: 7, numRuns: 30 },
    );
  });

  it('notes where the log has an event again, and that the same batch came again is no repeat', async () => {
    const first = [turn(1, 's', 'play jazz'), turn(2, 's', 'louder')];
    const store = await projected(first);
    await projectBatch(first, store, rules);
    expect(store.repeats(TENANT)).toEqual([]);

    const again = [
      { ...turn(1, 's', 'whatever it says now'), position: 7 },
      turn(8, 's', 'stop'),
      { ...turn(8, 's', 'stop'), position: 9 },
    ];
    await projectBatch(again, store, rules);
    await projectBatch(again, store, rules);
    const places = store.repeats(TENANT).map(({ eventId, position }) => `${eventId} at ${position}`);
    expect(places.toSorted()).toEqual(['e-1 at 1', 'e-1 at 7', 'e-8 at 8', 'e-8 at 9']);
    expect(store.sessions(TENANT)).toMatchObject([{ storedEvents: 3 }]);
  });

  it('keeps what it cannot read as dead letters, with the bytes and the reason', async () => {
    const store = await projected([
      { ...turn(1, 's', 'x'), key: 'broken', body: '{"specversion":' },
      turn(2, 's', 'play jazz'),
      {
        ...turn(3, 's', 'other content'),
        key: '!conflicting-duplicate:abc',
        deadLetter: 'conflicting-duplicate',
      },
    ]);
    expect(store.sessions(TENANT)).toMatchObject([{ storedEvents: 1 }]);
    expect(store.deadLetters(TENANT)).toMatchObject([
      { key: 'broken', reason: 'unreadable', body: '{"specversion":', position: 1 },
      { key: '!conflicting-duplicate:abc', reason: 'conflicting-duplicate', eventId: 'e-3', session: 's' },
    ]);
    for (const { detail, remedy } of store.deadLetters(TENANT)) expect([detail, remedy]).not.toContain('');
  });

  it('reads what the edge accepted whatever the limits are by now, also when its session is read again', async () => {
    const long = 'play jazz '.repeat(150_000);
    const store = await projected([turn(1, 's', long)]);
    await projectBatch([turn(2, 's', 'stop')], store, rules);
    expect(store.deadLetters(TENANT)).toEqual([]);
    expect(store.sessions(TENANT)).toMatchObject([{ storedEvents: 2 }]);
  });

  it('says of an event that was too large the same whatever the limit is by now', async () => {
    const store = await projected([{ ...turn(1, 's', 'x'), key: '!oversized:abc', deadLetter: 'oversized' }]);
    expect(store.deadLetters(TENANT)).toMatchObject([{ reason: 'oversized', eventId: 'e-1', session: 's' }]);
    expect(store.deadLetters(TENANT)[0]?.detail).toContain('bytes');
  });

  it('puts aside the one event on which deriving fails, and goes on with the others', async () => {
    const store = new InMemorySessionStore();
    const batch = Array.from({ length: 9 }, (_, i) => turn(i + 1, 's', i === 4 ? 'poison' : `request ${i}`));
    await projectBatch([...batch, turn(10, 'other', 'fine')], store, { models: failingOn('poison') });
    expect(store.deadLetters(TENANT)).toMatchObject([{ key: 'e-5', reason: 'poisoned' }]);
    expect(store.deadLetters(TENANT)[0]?.detail).not.toContain('secret');
    expect(store.sessions(TENANT).map(({ session, storedEvents }) => [session, storedEvents])).toEqual([
      ['s', 8],
      ['other', 1],
    ]);
    const [known] = await store.known([
      { tenant: TENANT, session: store.sessions(TENANT)[0]?.session ?? never() },
    ]);
    expect(known?.events.map(({ eventId }) => eventId)).not.toContain('e-5');
  });

  it('knows the event that poisons for what it is in whatever batches it comes, and again', async () => {
    const batch = Array.from({ length: 9 }, (_, i) => turn(i + 1, 's', i === 4 ? 'poison' : `request ${i}`));
    const poisoned = { models: failingOn('poison') };
    const whole = new InMemorySessionStore();
    await projectBatch(batch, whole, poisoned);
    for (const size of [1, 2, 3, 5, 8]) {
      const store = new InMemorySessionStore();
      for (let start = 0; start < batch.length; start += size)
        await projectBatch(batch.slice(start, start + size), store, poisoned);
      await projectBatch(batch, store, poisoned);
      expect(store.sessions(TENANT)).toEqual(whole.sessions(TENANT));
      expect(store.deadLetters(TENANT)).toEqual(whole.deadLetters(TENANT));
    }
  });

  it('leaves what a session was as it was when a batch brings what poisons it and what was erased', async () => {
    const poisoned = { models: failingOn('poison') };
    const batch = [
      turn(1, 's', 'play jazz'),
      turn(2, 's', 'poison'),
      erased(3, 's'),
      turn(4, 's', 'poison too'),
    ];
    const whole = await projected(batch, poisoned);
    expect(whole.sessions(TENANT)).toMatchObject([{ turns: [{ request: 'play jazz' }], storedEvents: 2 }]);
    for (const size of [1, 2, 3]) {
      const store = new InMemorySessionStore();
      for (let start = 0; start < batch.length; start += size)
        await projectBatch(batch.slice(start, start + size), store, poisoned);
      await projectBatch(batch.slice(1), store, poisoned);
      expect(store.sessions(TENANT)).toEqual(whole.sessions(TENANT));
    }
  });

  it('takes in an event that once poisoned when everything is read again by rules that can', async () => {
    const batch = [turn(1, 's', 'play jazz'), turn(2, 's', 'poison')];
    const rebuilt = await projected(batch);
    expect(rebuilt.deadLetters(TENANT)).toEqual([]);
    expect(rebuilt.sessions(TENANT)).toMatchObject([{ storedEvents: 2 }]);
  });

  it('keeps what took the place of a dead letter, and makes no event and no dead letter of the note', async () => {
    const store = await projected([note(1, '!unreadable:abc', 'e-2'), turn(2, 's', 'play jazz')]);
    const kept = [
      { tenant: TENANT, letter: '!unreadable:abc', eventId: 'e-2', receivedAtMs: 5, position: 1 },
    ];
    expect(store.redrives(TENANT)).toEqual(kept);
    expect(store.deadLetters(TENANT)).toEqual([]);
    expect(store.sessions(TENANT)).toMatchObject([{ storedEvents: 1 }]);
    await projectBatch([note(1, '!unreadable:abc', 'e-2')], store, rules);
    expect(store.redrives(TENANT)).toEqual(kept);
  });

  it.each([0, 1, 2])(
    'rejects when writing slice %i fails, after everything begun has ended',
    async (failing) => {
      const store = new RecordingStore();
      store.failing = failing;
      // White space counts as any other: three of these make a slice.
      const entries = Array.from({ length: 9 }, (_, i) => {
        const entry = turn(i + 1, `s${i}`, 'play jazz');
        return { ...entry, body: entry.body + ' '.repeat(11_000_000) };
      });
      await expect(projectBatch(entries, store, rules)).rejects.toThrow('disk full');
      expect(store.running).toBe(0);
      await projectBatch(entries, store, rules);
      expect(store.sessions(TENANT)).toHaveLength(9);
    },
  );

  it('takes batches larger than one write', async () => {
    const entries = Array.from({ length: 9000 }, (_, i) => turn(i + 1, `s${i >> 1}`, 'play jazz'));
    expect((await projected(entries)).sessions(TENANT)).toHaveLength(4500);
  });
});

class RecordingStore extends InMemorySessionStore implements SessionStore {
  readonly versions: number[] = [];
  /** Which call of `apply` fails, counted from 0. */
  failing = -1;
  running = 0;
  #calls = 0;

  override async apply(changes: SessionChanges): Promise<void> {
    const call = this.#calls++;
    this.running++;
    // The one that fails is over long before those that do not.
    for (let i = 0; i < (call === this.failing ? 1 : 50); i++) await Promise.resolve();
    this.running--;
    if (call === this.failing) throw new Error('disk full');
    this.versions.push(...changes.derived.map(({ version }) => version));
    await super.apply(changes);
  }
}

async function projected(batch: readonly LogEntry[], by = rules): Promise<InMemorySessionStore> {
  const store = new InMemorySessionStore();
  await projectBatch(batch, store, by);
  return store;
}

function bySession(store: InMemorySessionStore) {
  return [...store.sessions(TENANT)].sort((a, b) => (a.session < b.session ? -1 : 1));
}

/** The rules, but for a reformulation model that throws where it meets this word: what no test of the rules can foresee. */
function failingOn(word: string): SessionModels {
  const reformulation: SessionModels['reformulation'] = {
    ...ruleModels.reformulation,
    score: (pair) => {
      if (pair.later.profile.text.includes(word)) throw new TypeError('secret');
      return ruleModels.reformulation.score(pair);
    },
    judge: (pair) => {
      if (pair.later.profile.text.includes(word)) throw new TypeError('secret');
      return ruleModels.reformulation.judge(pair);
    },
  };
  return { ...ruleModels, reformulation };
}

function turn(position: number, session: string, request: string, timeMs = NOON): LogEntry {
  const id = `e-${position}`;
  const data = { turn: `t-${position}`, request: { text: request } };
  const event = cloudEventOf({ type: 'heed.turn.v1', id, session, source: '/test', timeMs, data });
  return {
    tenant: TENANT,
    key: id,
    session,
    position,
    receivedAtMs: NOON + 86_400_000,
    body: JSON.stringify(event),
  };
}

function erased(position: number, session: string): LogEntry {
  return { ...turn(position, session, ''), body: '', unread: 'erased' };
}

function note(position: number, letter: string, id: string): LogEntry {
  const event = { id: eventId(id), session: sessionId('s') };
  return {
    ...redrivenEntry({ tenant: TENANT, receivedAtMs: 5, letter, event }, { sha256: (text) => text }),
    position,
  };
}

function never(): never {
  throw new Error('there is a session');
}
