import 'reflect-metadata';
import type { IngestResult } from '@heed/contract';
import { tenantId } from '@heed/kernel';
import type { SizedDeadLetter, WarehouseReader } from '@heed/sessions';
import { describe, expect, it } from 'vitest';
import { DeadLettersController } from './dead-letters.controller.ts';

const TENANT = tenantId('tenant');
const DIGEST = '021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96';
const NOON = Date.UTC(2026, 2, 2, 12);

describe('redriving a dead letter', () => {
  it('sends its bytes again under its whole id, however it was named', async () => {
    const { controller, sent } = withLetter({ key: `!oversized:${DIGEST}`, reason: 'oversized' });
    expect(await controller.redrive(TENANT, '021f', {})).toEqual(ACCEPTED);
    expect(sent).toEqual([[TENANT, `!oversized:${DIGEST}`, 'the bytes']]);
  });

  it('sends the corrected event in its place', async () => {
    const { controller, sent } = withLetter({ key: 'e-1', reason: 'unknown-turn' });
    expect(await controller.redrive(TENANT, 'e-1', { event: { id: 'e-2' } })).toEqual(ACCEPTED);
    expect(sent).toEqual([[TENANT, 'e-1', '{"id":"e-2"}']]);
  });

  it.each([
    ['unknown-turn', /send the turn/],
    ['conflicting-duplicate', /id of its own/],
    ['poisoned', /heed replay/],
  ] as const)(
    'of reason %s sends nothing that would come out the same, and says what helps',
    async (reason, says) => {
      const { controller, sent } = withLetter({ key: 'e-1', reason });
      const result = await controller.redrive(TENANT, 'e-1', {});
      expect(result).toMatchObject({ id: 'e-1', status: 'dead-lettered', reason, detail: 'what is wrong' });
      expect(result.remedy).toMatch(says);
      expect(sent).toEqual([]);
    },
  );

  it('has nothing left to do when the turn came', async () => {
    const { controller, sent } = withLetter(null, 'e-1');
    expect(await controller.redrive(TENANT, 'e-1', {})).toMatchObject({ id: 'e-1', status: 'duplicate' });
    await expect(controller.redrive(TENANT, 'e-2', {})).rejects.toMatchObject({
      code: 'dead-letter-unknown',
    });
    expect(sent).toEqual([]);
  });
});

describe('a dead letter', () => {
  it('is shown with its short id, until when it waits, and what took its place', async () => {
    const waiting = withLetter({ key: 'e-1', state: 'waiting', waitsUntilMs: NOON + 60_000 });
    expect(await waiting.controller.one(TENANT, 'e-1')).toMatchObject({
      id: 'e-1',
      shortId: 'e-1',
      state: 'waiting',
      firstSeen: '2026-03-02T12:00:00.000Z',
      waitsUntil: '2026-03-02T12:01:00.000Z',
      redriven: [],
    });
    const redrives = [{ eventId: 'e-2', receivedAtMs: NOON }];
    const redriven = withLetter({ key: `!unreadable:${DIGEST}`, state: 'redriven', redrives });
    expect(await redriven.controller.one(TENANT, 'e-1')).toMatchObject({
      shortId: '021fb596db81',
      waitsUntil: null,
      redriven: [{ event: 'e-2', at: '2026-03-02T12:00:00.000Z' }],
    });
  });
});

const ACCEPTED: IngestResult = { id: 'e', status: 'accepted' };

function withLetter(letter: Partial<SizedDeadLetter> | null, filed?: string) {
  const row: SizedDeadLetter | null = letter && { ...LETTER, ...letter };
  const reader: WarehouseReader = {
    counts: () => Promise.resolve([]),
    deadLetters: () => Promise.resolve({ total: 0, byReason: {}, waiting: 0, redriven: 0, rows: [] }),
    deadLetter: () => Promise.resolve(row),
    hasEvent: (_, id) => Promise.resolve(id === filed),
    removeTenant: () => Promise.resolve(),
  };
  const sent: unknown[] = [];
  const controller = new DeadLettersController(reader, (...args) => {
    sent.push(args);
    return Promise.resolve(ACCEPTED);
  });
  return { controller, sent };
}

const LETTER: SizedDeadLetter = {
  tenant: TENANT,
  key: 'e-1',
  reason: 'unreadable',
  detail: 'what is wrong',
  remedy: 'what to do',
  eventId: 'e-1',
  eventType: '',
  session: 's',
  receivedAtMs: NOON,
  position: 1,
  body: 'the bytes',
  bodyBytes: 9,
  state: 'open',
  count: 1,
  redrives: [],
};
