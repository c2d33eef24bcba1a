import { cloudEventOf, logEntryOf, redrivenEntry, type LogEntry } from '@heed/events';
import { eventId, Fault, sessionId, tenantId } from '@heed/kernel';
import { ruleModels, type SessionChanges } from '@heed/sessions';
import { InMemorySessionStore } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { projectApart } from './project-apart.ts';

const TENANT = tenantId('tenant');
const NOON = Date.UTC(2026, 2, 2, 12);
const rules = { models: ruleModels };
const sha256 = (text: string): string => text.slice(0, 8);

describe('projecting apart', () => {
  it('puts aside the new events of the one session that cannot be stored, and nothing else that came with it', async () => {
    const store = new RefusingStore('bad', () => new RangeError('Invalid string length'));
    const event = { id: eventId('e-1'), session: sessionId('bad') };
    const note = redrivenEntry({ tenant: TENANT, receivedAtMs: NOON, letter: 'x', event }, { sha256 });
    const batch = [
      turn(1, 'good'),
      turn(2, 'bad'),
      { ...note, position: 3 },
      { ...enter('{"specversion":"1.0","id":"e-4","subject":"bad"}'), position: 4 },
      turn(5, 'bad'),
      turn(6, 'fine'),
    ];
    await projectApart(batch, store, rules);
    expect(store.sessions(TENANT).map(({ session }) => session)).toEqual(['good', 'fine']);
    const letters = store.deadLetters(TENANT).map(({ position, reason }) => `${position} ${reason}`);
    expect(letters.sort()).toEqual(['2 poisoned', '4 schema-violation', '5 poisoned']);
    expect(store.redrives(TENANT)).toMatchObject([{ letter: 'x', eventId: 'e-1' }]);
  });

  it('makes no dead letter of anything when it is the store that fails', async () => {
    const store = new RefusingStore('bad', () => new Fault('warehouse-full', 'no room', 'make room'));
    await expect(projectApart([turn(1, 'bad')], store, rules)).rejects.toMatchObject({
      code: 'warehouse-full',
    });
    expect(store.deadLetters(TENANT)).toEqual([]);
  });
});

class RefusingStore extends InMemorySessionStore {
  readonly #session: string;
  readonly #thrown: () => Error;

  constructor(session: string, thrown: () => Error) {
    super();
    this.#session = session;
    this.#thrown = thrown;
  }

  override async apply(changes: SessionChanges): Promise<void> {
    if (changes.derived.some(({ session }) => session.session === this.#session)) throw this.#thrown();
    await super.apply(changes);
  }
}

function turn(position: number, session: string): LogEntry {
  const data = { turn: `t-${position}`, request: { text: 'play jazz' } };
  const id = `e-${position}`;
  const body = cloudEventOf({ type: 'heed.turn.v1', id, session, source: '/test', timeMs: NOON, data });
  return { ...enter(JSON.stringify(body)), position };
}

function enter(body: string) {
  return logEntryOf({ tenant: TENANT, receivedAtMs: NOON, body }, { sha256 }).entry;
}
