import { createHash } from 'node:crypto';
import { tenantId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { logEntryOf } from './log-entry-of.ts';
import { parseEvent } from './parse-event.ts';

const tenant = tenantId('acme');
const receivedAtMs = Date.UTC(2026, 2, 1, 10);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const enter = (body: string | Uint8Array, value?: unknown) =>
  logEntryOf({ tenant, receivedAtMs, body, value }, { sha256 });

const event = {
  specversion: '1.0',
  id: 'e-1',
  source: '/search',
  type: 'heed.erasure.v1',
  subject: 's-1',
  time: '2026-03-01T09:00:00Z',
  data: { user: 'u-1' },
};

describe('the log entry of a received event', () => {
  it('has the id as its key, the session, and the body as it came', () => {
    const body = JSON.stringify(event, null, 2);
    const { entry, parsed } = enter(body);
    expect(entry).toEqual({ tenant, key: 'e-1', session: 's-1', body, receivedAtMs, subject: null });
    expect(parsed.ok).toBe(true);
    expect(enter(body, event)).toEqual({ entry, parsed });
  });

  it('keys a dead letter by its reason and bytes, so that its id stays free for the corrected event', () => {
    const body = JSON.stringify({ ...event, data: {} });
    expect(enter(body).entry).toEqual({
      tenant,
      key: `!schema-violation:${sha256(body)}`,
      session: 's-1',
      body,
      receivedAtMs,
      deadLetter: 'schema-violation',
    });
  });

  it('is a dead letter when its sender may not send its type, and an event from whoever may', () => {
    const body = JSON.stringify(event);
    const enterAs = (forbidden: readonly ('erasure' | 'turn')[]) =>
      logEntryOf({ tenant, receivedAtMs, body }, { sha256, forbidden });
    const { entry, parsed } = enterAs(['erasure']);
    const key = `!forbidden:${sha256(body)}`;
    expect(entry).toEqual({ tenant, key, session: 's-1', body, receivedAtMs, deadLetter: 'forbidden' });
    expect(parsed).toMatchObject({
      error: { reason: 'forbidden', eventId: 'e-1', eventType: 'heed.erasure', session: 's-1' },
    });
    expect(enterAs(['turn'])).toEqual(enter(body));
  });

  it('leaves the session of an unreadable event empty', () => {
    expect(enter('{').entry).toMatchObject({ session: '', body: '{', deadLetter: 'unreadable' });
  });

  it('keeps events whose ids look like the key of a dead letter out of its way', () => {
    const key = enter('{').entry.key;
    expect(enter(JSON.stringify({ ...event, id: key })).entry.key).toBe(`!event:${key}`);
  });

  it.each([
    ['invalid UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)],
    ['a NUL', '{"id":"\0"}'],
    ['a NUL in bytes', Buffer.from('{\0}')],
    ['an unpaired surrogate', '{"id":"\ud800'],
  ])('keeps %s to the byte in a text that any store can hold', (_, body) => {
    const { entry } = enter(body);
    expect(entry.body).not.toContain('\0');
    const kept = JSON.parse(entry.body) as { 'heed.bytes': string };
    expect(Buffer.from(kept['heed.bytes'], 'base64')).toEqual(Buffer.from(body as string));
  });

  it.each([
    ['an event', JSON.stringify(event)],
    ['a byte order mark', `\ufeff${JSON.stringify(event)}`],
    ['a schema violation', JSON.stringify({ ...event, id: 7 })],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0xff)],
    ['UTF-8 that breaks off', Uint8Array.of(0x7b, 0xc3)],
    ['a NUL', '{\0}'],
    [
      'bytes that only look as if Heed had kept them',
      JSON.stringify({ 'heed.bytes': btoa(JSON.stringify(event)) }),
    ],
    ['base64 that is none', JSON.stringify({ 'heed.bytes': '***' })],
  ])('reads %s on replay as it did at the edge', (_, body) => {
    const { entry, parsed } = enter(body);
    expect(parseEvent(entry.body, { receivedAtMs })).toEqual(parsed);
    expect(entry.deadLetter).toBe(parsed.ok ? undefined : parsed.error.reason);
  });
});
