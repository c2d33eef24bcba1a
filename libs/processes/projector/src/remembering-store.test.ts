import { cloudEventOf, type LogEntry } from '@heed/events';
import { seededRandom, tenantId } from '@heed/kernel';
import { ruleModels } from '@heed/sessions';
import { InMemorySessionStore } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { projectBatch } from './project-batch.ts';
import { recording } from './recording-store.fixture.ts';
import { RememberingStore } from './remembering-store.ts';

const TENANT = tenantId('tenant');
const NOON = Date.UTC(2026, 2, 2, 12);
const rules = { models: ruleModels, partEvents: 12 };

describe('RememberingStore', () => {
  it('does not ask for what it wrote', async () => {
    const asked: string[] = [];
    const store = new RememberingStore(recording(new InMemorySessionStore(), asked));
    await projectBatch([turn(1, 'a'), turn(2, 'b')], store, rules);
    await projectBatch([turn(3, 'b'), turn(4, 'c')], store, rules);
    expect(asked).toEqual(['a', 'b', 'c']);

    store.forget();
    await projectBatch([turn(5, 'b')], store, rules);
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it.each([
    ['all of it', 1_000_000],
    ['some of it', 3000],
    ['nothing', 0],
  ])('comes to what the store alone comes to when it remembers %s', async (_, most) => {
    const random = seededRandom(3);
    const expected = new InMemorySessionStore();
    const behind = new InMemorySessionStore();
    const store = new RememberingStore(behind, most);
    let position = 0;
    for (let batch = 0; batch < 40; batch++) {
      const entries = Array.from({ length: 1 + random.below(12) }, () =>
        // Some come again at another place, one session goes on in parts, and one turn in ten is erased.
        turn(
          ++position,
          random.chance(0.3) ? 'long' : `s${random.below(20)}`,
          random.below(300),
          random.chance(0.1),
        ),
      );
      for (const each of [expected, store]) await projectBatch(entries, each, rules);
      if (random.chance(0.2)) await projectBatch(entries, store, rules);
    }
    expect(behind.sessions(TENANT)).toEqual(expected.sessions(TENANT));
    expect(behind.repeats(TENANT)).toEqual(expected.repeats(TENANT));
    expect(expected.sessions(TENANT).length).toBeGreaterThan(22);
  });

  it('asks for a session again that is too much to remember, and for no other because of it', async () => {
    const asked: string[] = [];
    const store = new RememberingStore(recording(new InMemorySessionStore(), asked), 5000);
    await projectBatch([turn(1, 'a')], store, rules);
    const heavy = Array.from({ length: 11 }, (_, n) => turn(2 + n, 'heavy'));
    await projectBatch(heavy, store, rules);
    await projectBatch([turn(13, 'a'), turn(14, 'heavy')], store, rules);
    await projectBatch([turn(15, 'a')], store, rules);
    expect(asked).toEqual(['a', 'heavy', 'heavy']);
  });

  it('asks again after a write that failed, of which some may be there', async () => {
    const asked: string[] = [];
    const behind = new InMemorySessionStore();
    const failing = { on: false };
    const store = new RememberingStore(recording(behind, asked, failing));
    await projectBatch([turn(1, 'a')], store, rules);
    failing.on = true;
    await expect(projectBatch([turn(2, 'a')], store, rules)).rejects.toThrow('cut off');
    failing.on = false;
    await projectBatch([turn(2, 'a')], store, rules);
    expect(asked).toEqual(['a', 'a']);
    expect(behind.sessions(TENANT)).toMatchObject([{ storedEvents: 2 }]);
  });
});

function turn(position: number, session: string, name = position, erased = false): LogEntry {
  const id = `e-${name}`;
  const data = { turn: `t-${name}`, request: { text: `request ${name % 5}` } };
  const timeMs = NOON + name * 600_000;
  const event = cloudEventOf({ type: 'heed.turn.v1', id, session, source: '/test', timeMs, data });
  const entry = { tenant: TENANT, key: id, session, position, receivedAtMs: NOON + 7 * 86_400_000 };
  return erased ? { ...entry, body: '', unread: 'erased' } : { ...entry, body: JSON.stringify(event) };
}
