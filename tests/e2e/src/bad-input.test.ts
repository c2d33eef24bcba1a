import { deadLetterList, ingestResponse, problem } from '@heed/contract';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { caughtUp, postEvents } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const NOW = Date.now();
const doctor = z.object({
  accepted: z.number(),
  stored: z.number(),
  deadLettered: z.number(),
  balanced: z.boolean(),
});

const turn = (id: string, over: Record<string, unknown> = {}): Record<string, unknown> => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'heed.turn.v1',
  subject: 's-1',
  time: new Date(NOW - 60_000).toISOString(),
  data: { turn: `turn-of-${id}`, request: { text: 'play jazz' } },
  ...over,
});

const BAD: readonly (readonly [
  what: string,
  event: Record<string, unknown>,
  reason: string,
  says: RegExp,
])[] = [
  ['without id', turn('x', { id: undefined }), 'schema-violation', /id/],
  ['with a time in 1970', turn('e-1970', { time: '1970-01-01T00:00:00Z' }), 'clock-skew', /1970/],
  [
    'with a time next year',
    turn('e-next', { time: new Date(NOW + 366 * 86_400_000).toISOString() }),
    'clock-skew',
    /ahead|future|after/,
  ],
  ['of an unknown type', turn('e-type', { type: 'heed.gossip.v1' }), 'unknown-type', /heed\.gossip\.v1/],
  ['of an unknown version', turn('e-version', { type: 'heed.turn.v9' }), 'unsupported-version', /v9|9/],
  [
    'over the size limit',
    turn('e-big', { data: { turn: 't', request: { text: 'x' }, extra: 'x'.repeat(1_100_000) } }),
    'oversized',
    /1048576/,
  ],
  [
    'with a text over the limit',
    turn('e-text', { data: { turn: 't', request: { text: 'x'.repeat(70_000) } } }),
    'schema-violation',
    /request\.text/,
  ],
  ['whose time has no zone', turn('e-zone', { time: '2026-03-01T09:00:00' }), 'schema-violation', /time/],
];

describe('bad input', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-bad-'));
  const at = ['--data', dataDir];
  let service: Service;

  beforeAll(async () => {
    service = await startService(dataDir);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each(BAD)(
    'keeps an event %s as a typed dead letter that says what to do',
    async (_, event, reason, says) => {
      const good = turn(`good-beside-${reason}-${String(Math.abs(JSON.stringify(event).length))}`);
      const { results } = await postEvents(service.url, [event, good]);
      expect(results[0]).toMatchObject({ status: 'dead-lettered', reason });
      expect(results[0]?.detail).toMatch(says);
      expect(results[0]?.remedy).not.toBe('');
      expect(results[1]).toMatchObject({ status: 'accepted' });
    },
  );

  it('keeps the second of two events with one id and different content', async () => {
    await postEvents(service.url, [turn('twice')]);
    const other = turn('twice', { data: { turn: 'other', request: { text: 'play rock' } } });
    const { results } = await postEvents(service.url, [other]);
    expect(results[0]).toMatchObject({
      id: 'twice',
      status: 'dead-lettered',
      reason: 'conflicting-duplicate',
    });
  });

  it('takes a request of 64 KiB whole', async () => {
    const { results } = await postEvents(service.url, [
      turn('large', { data: { turn: 'l', request: { text: 'y'.repeat(65_536) } } }),
    ]);
    expect(results[0]).toMatchObject({ status: 'accepted' });
  });

  it('keeps bytes that are no UTF-8, and those beside them in the batch go through', async () => {
    const bytes = Buffer.concat([
      Buffer.from('[{"specversion":"1.0","id":"bytes","data":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`"},${JSON.stringify(turn('beside-bytes'))}]`),
    ]);
    const response = await fetch(`${service.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: bytes,
    });
    expect(response.status).toBe(202);
    const { results } = ingestResponse.parse(await response.json());
    expect(results.map(({ status }) => status)).toEqual(['dead-lettered', 'accepted']);
    expect(results[0]?.detail).toMatch(/UTF-8/);
  });

  it('takes an event behind a byte order mark, and one in binary mode', async () => {
    const marked = await fetch(`${service.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: `\uFEFF${JSON.stringify(turn('marked'))}`,
    });
    expect(ingestResponse.parse(await marked.json()).results[0]).toMatchObject({
      id: 'marked',
      status: 'accepted',
    });
    const { data, ...attributes } = turn('binary');
    const headers = Object.entries(attributes).map(([name, value]): [string, string] => [
      `ce-${name}`,
      String(value),
    ]);
    const binary = await fetch(`${service.url}/v1/events`, {
      method: 'POST',
      headers: new Headers([...headers, ['content-type', 'application/json']]),
      body: JSON.stringify(data),
    });
    expect(ingestResponse.parse(await binary.json()).results[0]).toMatchObject({
      id: 'binary',
      status: 'accepted',
    });
  });

  it.each([
    ['an empty body', '', 400],
    ['a batch that does not close', '[{"id":"x"}', 400],
    [
      'a batch of 1001 events',
      JSON.stringify(Array.from({ length: 1001 }, (_, n) => turn(`many-${String(n)}`))),
      413,
    ],
  ])('refuses %s with a problem that says what to do', async (_, body, status) => {
    const response = await fetch(`${service.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body,
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(problem.parse(await response.json()).remedy).not.toBe('');
  });

  it('lists a reaction whose turn is not there as waiting, and forgets it when the turn comes', async () => {
    const reaction = turn('early', {
      type: 'heed.reaction.v1',
      subject: 's-orphan',
      data: { turn: 'late', kind: 'love' },
    });
    await postEvents(service.url, [reaction]);
    await caughtUp(service.url);
    const before = await heedJson(deadLetterList, ['dead-letters', '--state', 'waiting', ...at]);
    expect(before).toMatchObject({ waiting: 1, deadLetters: [{ eventId: 'early', reason: 'unknown-turn' }] });
    await postEvents(service.url, [
      turn('comes', { subject: 's-orphan', data: { turn: 'late', request: { text: 'hello' } } }),
    ]);
    await caughtUp(service.url);
    const after = await heedJson(deadLetterList, ['dead-letters', '--state', 'waiting', ...at]);
    expect(after).toMatchObject({ waiting: 0, deadLetters: [] });
  });

  it('accounts for all of it: accepted = stored + dead-lettered', async () => {
    await caughtUp(service.url);
    const { accepted, stored, deadLettered, balanced } = await heedJson(doctor, ['doctor', ...at]);
    expect(balanced).toBe(true);
    expect(accepted).toBe(stored + deadLettered);
    expect(deadLettered).toBe(BAD.length + 2);
  });

  it('shows one dead letter with its bytes, and sends a corrected event in its place', async () => {
    const { deadLetters } = await heedJson(deadLetterList, ['dead-letters', ...at]);
    const letter = deadLetters.find(({ eventId }) => eventId === 'e-1970');
    expect(letter?.bytes).toContain('1970-01-01');
    const corrected = join(dataDir, 'corrected.json');
    writeFileSync(corrected, JSON.stringify(turn('e-1970')));
    const sent = await heed([
      'dead-letters',
      letter?.id ?? '',
      'redrive',
      '--event',
      corrected,
      '--json',
      ...at,
    ]);
    expect(sent.code).toBe(0);
    expect(JSON.parse(sent.stdout)).toMatchObject({ status: 'accepted' });
  });

  it('tells a second service on the folder who owns it', async () => {
    await expect(startService(dataDir)).rejects.toThrow(/in use|owned/);
  });
});
