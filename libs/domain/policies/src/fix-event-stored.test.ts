import { fixId, tenantId } from '@heed/kernel';
import { exampleEvidence } from '@heed/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fixEventFromStored, fixEventToStored } from './fix-event-stored.ts';
import type { FixEvent } from './fix.ts';

// `golden/TYPE.json` are events as some version of Heed once wrote them: they are never edited, and never stop being read.
const golden = new URL('./golden/', import.meta.url);
const stored = z.object({ type: z.string(), data: z.unknown() });
const goldenEvent = (file: string): z.infer<typeof stored> =>
  stored.parse(JSON.parse(readFileSync(new URL(file, golden), 'utf8')));

const by = { atMs: Date.UTC(2026, 2, 1, 9), who: 'ada', why: 'read the sessions' };
const rewrite = {
  fromState: 'maj and dragons',
  toState: 'imagine dragons',
  from: 'Maj and Dragons',
  to: 'Imagine Dragons',
};
const evidence = exampleEvidence();
const events: readonly FixEvent[] = [
  {
    kind: 'fix-proposed',
    id: fixId('fix-0123456789abcdef'),
    tenant: tenantId('default'),
    rewrite,
    evidence,
    ...by,
  },
  { kind: 'fix-evidence-renewed', rewrite, evidence, ...by },
  { kind: 'fix-vetted', ...by },
  { kind: 'fix-put-in-canary', ...by },
  { kind: 'fix-went-live', ...by },
  { kind: 'fix-retired', ...by },
  { kind: 'fix-went-stale', ...by },
  { kind: 'fix-blocked', ...by },
];

describe.each(events)('$kind', (event) => {
  const { type, data } = fixEventToStored(event);

  it('is written as its golden file has it', () => {
    expect({ type, data }).toEqual(goldenEvent(`${type}.json`));
  });

  it('comes back from storage as it was', () => {
    const asJson: unknown = JSON.parse(JSON.stringify(data));
    expect(fixEventFromStored({ type, data: asJson })).toEqual(event);
  });
});

it.each(readdirSync(golden))('still reads %s', (file) => {
  const event = fixEventFromStored(goldenEvent(file));
  expect(file.startsWith(event.kind)).toBe(true);
});

it.each([
  ['a type of a later version', { type: 'fix-vetted.v9', data: {} }, /does not know the type/],
  ['a shape that was never written', { type: 'fix-vetted.v1', data: { at: 'yesterday' } }, /cannot be read/],
])('refuses %s with a fault that says what to do', (_, event, message) => {
  expect(() => fixEventFromStored(event)).toThrow(message);
});
