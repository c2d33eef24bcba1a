import { cloudEventOf, type LogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { ruleModels } from '@heed/sessions';
import { InMemorySessionStore } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { projectBatch } from './project-batch.ts';
import { recording } from './recording-store.fixture.ts';
import { storeBegunEmpty } from './store-begun-empty.ts';

const TENANT = tenantId('tenant');
const NOON = Date.UTC(2026, 2, 2, 12);
/** Every third event of a session begins a further part of it. */
const rules = { models: ruleModels, partEvents: 3 };

describe('storeBegunEmpty', () => {
  it('asks for no session that nothing was written of', async () => {
    const asked: string[] = [];
    const store = storeBegunEmpty(recording(new InMemorySessionStore(), asked));
    await projectBatch([turn(1, 'a'), turn(2, 'b')], store, rules);
    expect(asked).toEqual([]);

    await projectBatch([turn(3, 'b'), turn(4, 'c')], store, rules);
    expect(asked).toEqual(['b']);
  });

  it('comes to what the store alone comes to, sessions in parts among them', async () => {
    const entries = Array.from({ length: 60 }, (_, i) => turn(i + 1, ['long', `s${i % 11}`][i % 2] ?? ''));
    const expected = new InMemorySessionStore();
    const behind = new InMemorySessionStore();
    const store = storeBegunEmpty(behind);
    for (let start = 0; start < entries.length; start += 4) {
      await projectBatch(entries.slice(start, start + 4), expected, rules);
      await projectBatch(entries.slice(start, start + 4), store, rules);
    }
    expect(behind.sessions(TENANT)).toEqual(expected.sessions(TENANT));
    expect(expected.sessions(TENANT).length).toBeGreaterThan(12);
  });
});

function turn(position: number, session: string): LogEntry {
  const id = `e-${position}`;
  const data = { turn: `t-${position}`, request: { text: `request ${position % 5}` } };
  const timeMs = NOON + position * 1000;
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
