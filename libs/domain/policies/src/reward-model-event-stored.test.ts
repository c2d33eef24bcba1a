import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rewardModelEventFromStored, rewardModelEventToStored } from './reward-model-event-stored.ts';
import { trainedModel } from './reward-model.fixture.ts';
import type { RewardModelEvent } from './reward-model.ts';

// `golden-reward-model/` are events as some version of Heed once wrote them: they are never edited, and never stop being read.
const golden = new URL('./golden-reward-model/', import.meta.url);
const stored = z.object({ type: z.string(), data: z.unknown() });
const goldenEvent = (file: string): z.infer<typeof stored> =>
  stored.parse(JSON.parse(readFileSync(new URL(file, golden), 'utf8')));

const by = { atMs: Date.UTC(2026, 2, 1, 9), who: 'ada', why: 'read the card' };
const { card, gates, ...facts } = trainedModel('1');
const { id } = facts;
const besideRules = { replacesRules: true, threshold: 0.375 };
const drift = { because: 'drift', figures: [{ of: 'score', measured: 0.31, bound: 0.25 }] } as const;

const events: readonly (readonly [string, RewardModelEvent])[] = [
  ['model-trained.v1.json', { kind: 'model-trained', model: facts, ...by }],
  ['model-evaluated.v1.json', { kind: 'model-evaluated', id, card, gates, ...by }],
  ['model-renewed.v1.json', { kind: 'model-renewed', id, card, gates, ...by }],
  ['model-evaluated.v1-beside-rules.json', { kind: 'model-evaluated', id, card, gates, besideRules, ...by }],
  ['model-renewed.v1-beside-rules.json', { kind: 'model-renewed', id, card, gates, besideRules, ...by }],
  ['model-gated.v1.json', { kind: 'model-gated', id, verdict: 'refused', ...by }],
  [
    'model-went-stale.v1.json',
    { kind: 'model-went-stale', id, reason: { because: 'erasure', events: ['erasure-1'] }, ...by },
  ],
  ['model-went-stale.v1-drift.json', { kind: 'model-went-stale', id, reason: drift, ...by }],
  ['model-superseded.v1.json', { kind: 'model-superseded', id, ...by }],
  ['model-went-live.v1.json', { kind: 'model-went-live', id, ...by }],
  ['model-retired.v1.json', { kind: 'model-retired', id, ...by }],
];

describe.each(events)('%s', (file, event) => {
  const { type, data } = rewardModelEventToStored(event);

  it('is what is written', () => {
    expect({ type, data }).toEqual(goldenEvent(file));
  });

  it('comes back from storage as it was', () => {
    const asJson: unknown = JSON.parse(JSON.stringify(data));
    expect(rewardModelEventFromStored({ type, data: asJson })).toEqual(event);
  });
});

it.each(readdirSync(golden))('still reads %s', (file) => {
  const event = rewardModelEventFromStored(goldenEvent(file));
  expect(file.startsWith(event.kind)).toBe(true);
});

it.each([
  ['a type of a later version', { type: 'model-gated.v9', data: {} }, /does not know the type/],
  [
    'a shape that was never written',
    { type: 'model-gated.v1', data: { verdict: 'so-so' } },
    /cannot be read/,
  ],
])('refuses %s with a fault that says what to do', (_, event, message) => {
  expect(() => rewardModelEventFromStored(event)).toThrow(message);
});
