import type { LogEntry } from '@heed/events';
import { seededRandom, tenantId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { gatherSessions, type Gathering } from './gather-sessions.ts';
import { keyOf } from './key-of.ts';

const MOST: Gathering = { entries: 40, characters: 1_000_000, ofOneSession: 12 };

describe('gatherSessions', () => {
  it('brings together what stands near each other, however many sessions are between', async () => {
    // Five sessions of four turns at a time, each turn five entries behind the one before.
    const entries = Array.from({ length: 400 }, (_, i) => entry(i, `s-${Math.floor(i / 20)}-${i % 5}`));
    const sizes = new Set<number>();
    for (const batch of await gathered(entries, 7, MOST))
      for (const session of Map.groupBy(batch, keyOf).values()) sizes.add(session.length);
    expect([...sizes]).toEqual([4]);
  });

  it('gives every entry once, those of a session in their order, and holds no more than it may', async () => {
    const random = seededRandom(5);
    const entries = Array.from({ length: 2000 }, (_, i) =>
      entry(i, random.below(5) === 0 ? 'hot' : `s-${random.below(1 + (i >> 2))}`),
    );
    const batches = await gathered(entries, 16, MOST);
    const all = batches.flat();
    expect(all.map(({ position }) => position).sort((a, b) => a - b)).toEqual(
      entries.map(({ position }) => position),
    );
    for (const session of Map.groupBy(all, keyOf).values())
      expect(session).toEqual([...session].sort((a, b) => a.position - b.position));
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThan(MOST.entries + 16);
    expect(batches.length).toBeGreaterThan(2000 / (MOST.entries + 16));
  });

  it('does not hold a session that never ends until the end', async () => {
    const entries = Array.from({ length: 600 }, (_, i) => entry(i, i % 2 === 0 ? 'hot' : `s-${i}`));
    const [first = []] = await gathered(entries, 8, MOST);
    expect(first.filter(({ session }) => session === 'hot').length).toBeGreaterThanOrEqual(MOST.ofOneSession);
  });

  it('lets go of large events before there are many', async () => {
    const entries = Array.from({ length: 30 }, (_, i) => entry(i, `s-${i}`, 'x'.repeat(300_000)));
    const batches = await gathered(entries, 1, MOST);
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(4);
  });

  it('gives nothing of an empty log', async () => {
    expect(await gathered([], 8, MOST)).toEqual([]);
  });
});

async function gathered(
  entries: readonly LogEntry[],
  batch: number,
  most: Gathering,
): Promise<readonly (readonly LogEntry[])[]> {
  const batches: (readonly LogEntry[])[] = [];
  for await (const one of gatherSessions(batchesOf(entries, batch), most)) batches.push(one);
  return batches;
}

async function* batchesOf(entries: readonly LogEntry[], size: number): AsyncGenerator<readonly LogEntry[]> {
  for (let start = 0; start < entries.length; start += size) {
    await Promise.resolve();
    yield entries.slice(start, start + size);
  }
}

function entry(i: number, session: string, body = '{}'): LogEntry {
  return { tenant: tenantId('tenant'), key: `e-${i}`, session, position: i + 1, receivedAtMs: 0, body };
}
