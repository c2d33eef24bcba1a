import { createHash } from 'node:crypto';
import { eventId, sessionId, tenantId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { logEntryOf } from './log-entry-of.ts';
import { redrivenEntry, redrivenOf } from './redriven.ts';

const tenant = tenantId('acme');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const note = (letter: string, event: string, receivedAtMs = 1) =>
  redrivenEntry(
    { tenant, receivedAtMs, letter, event: { id: eventId(event), session: sessionId('s-1') } },
    { sha256 },
  );

describe('the note that an event took the place of a dead letter', () => {
  it('is read back from the log as it was written', () => {
    const entry = note('!unreadable:ab"c', 'e-1');
    expect(redrivenOf(entry)).toEqual({ letter: '!unreadable:ab"c', event: 'e-1' });
    expect(entry).toMatchObject({ tenant, session: 's-1', receivedAtMs: 1 });
    expect(entry).not.toHaveProperty('deadLetter');
  });

  it('is the same entry whenever it is written again, and another for another letter or event', () => {
    const { key, body } = note('!unreadable:a', 'e-1');
    expect(note('!unreadable:a', 'e-1', 2)).toMatchObject({ key, body });
    const keys = [note('!unreadable:a', 'e-2'), note('!unreadable:b', 'e-1'), note('!unreadable:a,', 'e')];
    expect(new Set([key, ...keys.map((other) => other.key)]).size).toBe(4);
  });

  it('cannot be forged by an event: its key is moved away, and its type is none that is sent', () => {
    const { key, body } = note('!unreadable:a', 'e-1');
    const noted = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
    const forged = { ...noted, id: key, time: '2026-03-01T09:00:00Z' };
    const sent = JSON.stringify(forged);
    const { entry } = logEntryOf({ tenant, receivedAtMs: Date.UTC(2026, 2, 2), body: sent }, { sha256 });
    expect(entry.deadLetter).toBe('unknown-type');
    expect(redrivenOf(entry)).toBeUndefined();
    const event = { ...forged, type: 'heed.erasure.v1', data: { user: 'u' } };
    const moved = logEntryOf(
      { tenant, receivedAtMs: Date.UTC(2026, 2, 2), body: JSON.stringify(event) },
      { sha256 },
    );
    expect(moved.entry.key).toBe(`!event:${key}`);
    expect(redrivenOf(moved.entry)).toBeUndefined();
  });

  it.each(['', '{', '[]', '{"type":"heed.redriven.v1"}', '{"type":"heed.redriven.v1","data":{"letter":1}}'])(
    'is not what stands under its key as %s',
    (body) => {
      expect(redrivenOf({ key: note('a', 'b').key, body })).toBeUndefined();
    },
  );
});
