import { tenantId } from '@heed/kernel';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { apiKeyEventFromStored, apiKeyEventToStored } from './api-key-event-stored.ts';
import { apiKeyId, type ApiKeyEvent } from './api-key.ts';

// `golden-api-key/TYPE.json` are events as some version of Heed once wrote them: never edited, and read for ever.
const golden = new URL('./golden-api-key/', import.meta.url);
const stored = z.object({ type: z.string(), data: z.unknown() });
const goldenEvent = (file: string): z.infer<typeof stored> =>
  stored.parse(JSON.parse(readFileSync(new URL(file, golden), 'utf8')));

const by = { atMs: Date.UTC(2026, 2, 1, 9), who: 'ada', why: 'the shop opens' };
const key = {
  id: apiKeyId('0123456789abcdef'),
  kind: 'browser',
  tenant: tenantId('acme'),
  name: "the shop's pages",
  origins: ['https://shop.example'],
  requestsPerSecond: 200,
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
} as const;
const events: readonly ApiKeyEvent[] = [
  { kind: 'api-key-created', key, ...by },
  { kind: 'api-key-revoked', ...by },
];

describe.each(events)('$kind', (event) => {
  const { type, data } = apiKeyEventToStored(event);

  it('is written as its golden file has it', () => {
    expect({ type, data }).toEqual(goldenEvent(`${type}.json`));
  });

  it('comes back from storage as it was', () => {
    const asJson: unknown = JSON.parse(JSON.stringify(data));
    expect(apiKeyEventFromStored({ type, data: asJson })).toEqual(event);
  });
});

it.each(readdirSync(golden))('still reads %s', (file) => {
  expect(file.startsWith(apiKeyEventFromStored(goldenEvent(file)).kind)).toBe(true);
});

it('keeps a key of all tenants, without a rate of its own, as what it is', () => {
  const all: ApiKeyEvent = {
    kind: 'api-key-created',
    key: { ...key, kind: 'admin', tenant: null, origins: [], requestsPerSecond: null },
    ...by,
  };
  expect(apiKeyEventFromStored(apiKeyEventToStored(all))).toEqual(all);
});

it.each([
  ['a type of a later version', { type: 'api-key-revoked.v9', data: {} }, /does not know the type/],
  [
    'a shape that was never written',
    { type: 'api-key-revoked.v1', data: { at: 'yesterday' } },
    /cannot be read/,
  ],
])('refuses %s with a fault that says what to do', (_, event, message) => {
  expect(() => apiKeyEventFromStored(event)).toThrow(message);
});
