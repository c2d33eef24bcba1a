import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_CATALOGUE } from './catalogue.ts';
import { parseEvent } from './parse-event.ts';

const GOLDEN = new URL('../golden/', import.meta.url);
const receivedAtMs = Date.UTC(2026, 2, 1, 10);

const minimal: Readonly<Record<string, object>> = {
  turn: { turn: 't', request: { text: '' } },
  response: { turn: 't', response: { text: 'ok' } },
  reaction: { turn: 't', kind: 'applause' },
  behaviour: { turn: 't', kind: 'abandoned' },
  comment: { turn: 't', text: 'no' },
  annotation: { turn: 't', target: { uri: 'a.png', box: [0, 0, 1, 1] }, label: 'blurred' },
  comparison: { chosen: { text: 'a' }, rejected: { turn: 't' }, by: 'model' },
  rating: { aspect: 'tone', value: 0, scale: { min: 0, max: 1 }, by: 'model' },
  stage: { turn: 't', stage: 'plan', verdict: 'good' },
  check: { turn: 't', name: 'toxicity' },
  outcome: { name: 'success', value: false },
  exposure: { policy: 'p', variant: 'v', propensity: 1, unit: 'u' },
  erasure: { user: 'u' },
};

const wrong: readonly (readonly [name: string, data: unknown, told: string])[] = [
  ['turn', { request: { text: 'hello' } }, 'data.turn: expected a string'],
  ['turn', { turn: 't' }, 'data.request: expected an object'],
  ['turn', { turn: 't', request: { text: 5 } }, 'data.request.text: expected a string'],
  [
    'turn',
    { turn: 'a\u0085b', request: { text: '' } },
    'data.turn: expected an id without control characters',
  ],
  ['turn', { turn: 't', user: '\ud83d', request: { text: '' } }, 'data.user: expected an id without'],
  [
    'turn',
    { turn: 'ü'.repeat(257), request: { text: '' } },
    'data.turn: expected an id of at most 512 bytes',
  ],
  [
    'turn',
    { turn: 't', request: { text: '' }, served: { fix: 'x'.repeat(513), text: '' } },
    'data.served.fix: expected an id of at most 512 bytes',
  ],
  [
    'turn',
    {
      turn: 't',
      request: { text: '' },
      exposures: [{ policy: 'p', variant: 'v', propensity: 1, unit: 'x'.repeat(513) }],
    },
    'data.exposures[0].unit: expected an id of at most 512 bytes',
  ],
  [
    'turn',
    { turn: 't', request: { text: '' }, attributes: withProto({}) },
    'data.attributes.__proto__: expected a field of another name',
  ],
  [
    'turn',
    { turn: 't', request: { text: '', interpretation: { intent: 'i', slots: withProto('x') } } },
    'data.request.interpretation.slots.__proto__: expected a field of another name',
  ],
  [
    'turn',
    { turn: 't', request: { text: '' }, stages: [{ name: 'tool', output: [withProto(1)] }] },
    'data.stages[0].output[0].__proto__: expected a field of another name',
  ],
  ['turn', { turn: '', request: { text: '' } }, 'data.turn: expected a length of at least 1'],
  ['turn', { turn: 'a\nb', request: { text: '' } }, 'data.turn: expected an id without control characters'],
  [
    'turn',
    { turn: 't', request: { text: '' }, latencyMs: -1 },
    'data.latencyMs: expected a number of at least 0',
  ],
  [
    'turn',
    { turn: 't', request: { text: '' }, attributes: { a: {} } },
    'data.attributes.a: expected a string, a number or a boolean',
  ],
  [
    'turn',
    { turn: 't', request: { text: '' }, stages: [{ name: 'plan', startedAt: '2026-03-01 09:00' }] },
    'data.stages[0].startedAt: expected an RFC 3339 timestamp with a zone',
  ],
  [
    'turn',
    { turn: 't', request: { text: '', media: [{ uri: 'a' }] } },
    'data.request.media[0].mediaType: expected a string',
  ],
  ['turn', { turn: 't', user: null, request: { text: '' } }, 'data.user: expected a string'],
  ['response', { turn: 't' }, 'data.response: expected an object'],
  ['reaction', { turn: 't' }, 'data.kind: expected a string'],
  ['behaviour', { turn: 't', kind: 'sneezed' }, 'data.kind: expected one of "regenerated", "copied"'],
  ['behaviour', { turn: 't', kind: 'dwelled' }, 'data.ms: expected a number'],
  ['behaviour', { turn: 't', kind: 'edited', before: 'a' }, 'data.after: expected a string'],
  [
    'behaviour',
    { turn: 't', kind: 'stopped', evidence: [{ modality: 'smell', signal: 's', confidence: 1 }] },
    'data.evidence[0].modality: expected one of "voice"',
  ],
  ['comment', { turn: 't' }, 'data.text: expected a string'],
  [
    'annotation',
    { turn: 't', target: { part: 'response', start: 9, end: 3 }, label: 'l' },
    'data.target: expected',
  ],
  [
    'annotation',
    { turn: 't', target: { uri: 'a', box: [0, 0, 2, 1] }, label: 'l' },
    'data.target.box[2]: expected a number of at most 1',
  ],
  [
    'comparison',
    { chosen: {}, rejected: { text: 'b' }, by: 'human' },
    'data.chosen: expected at least one of turn, text and uri',
  ],
  [
    'comparison',
    { chosen: { text: 'a' }, rejected: { text: 'b' }, by: 'ghost' },
    'data.by: expected one of "human", "model"',
  ],
  [
    'rating',
    { aspect: 'a', value: 6, scale: { min: 1, max: 5 }, by: 'human' },
    'data.value: expected a value on the scale',
  ],
  [
    'rating',
    { aspect: 'a', value: 1, scale: { min: 1, max: 1 }, by: 'human' },
    'data.scale: expected a scale whose min is below its max',
  ],
  ['stage', { turn: 't', stage: 'plan', verdict: 'meh' }, 'data.verdict: expected one of "good", "bad"'],
  ['check', { turn: 't' }, 'data.name: expected a string'],
  ['outcome', { name: 'success', value: 'yes' }, 'data.value: expected true, false or a number'],
  [
    'outcome',
    { name: 'success', value: true, occurredAt: '2026-02-30T00:00:00Z' },
    'data.occurredAt: expected an RFC 3339 timestamp',
  ],
  [
    'exposure',
    { policy: 'p', variant: 'v', propensity: 0, unit: 'u' },
    'data.propensity: expected a number above 0',
  ],
  [
    'exposure',
    { policy: 'p', variant: 'v', propensity: 1.5, unit: 'u' },
    'data.propensity: expected a number of at most 1',
  ],
  ['erasure', {}, 'data.user: expected a string'],
];

describe('the catalogue', () => {
  it.each([...EVENT_CATALOGUE.keys()])('reads the golden bytes of %s for ever', (type) => {
    const bytes = readFileSync(new URL(`${type}.json`, GOLDEN));
    const event = parseEvent(bytes, { receivedAtMs });
    expect(event).toMatchObject({ ok: true });
    expect(event.ok && event.value).toMatchObject({
      name: EVENT_CATALOGUE.get(type)?.name,
      session: 's-42',
      timeMs: Date.UTC(2026, 2, 1, 9),
    });
  });

  it('keeps golden bytes of nothing that it cannot read', () => {
    const stored = readdirSync(GOLDEN).map((file) => file.replace(/\.json$/u, ''));
    expect(stored.filter((type) => !EVENT_CATALOGUE.has(type))).toEqual([]);
  });

  it('keeps every field of the golden events, version 1 being the newest', () => {
    for (const file of readdirSync(GOLDEN)) {
      const bytes = readFileSync(new URL(file, GOLDEN), 'utf8');
      const event = parseEvent(bytes, { receivedAtMs });
      expect(event.ok && event.value.data).toEqual((JSON.parse(bytes) as { data: unknown }).data);
    }
  });

  it.each(Object.entries(minimal))('accepts the least that %s can be', (name, data) => {
    expect(parseEvent(eventText(name, data), { receivedAtMs })).toMatchObject({
      ok: true,
      value: { name, data },
    });
  });

  it('has a least example for every type', () => {
    const names = [...EVENT_CATALOGUE.values()].map(({ name }) => name);
    expect(new Set(Object.keys(minimal))).toEqual(new Set(names));
  });

  it.each(wrong)('refuses %s %j', (name, data, told) => {
    const event = parseEvent(eventText(name, data), { receivedAtMs });
    expect(event).toMatchObject({ ok: false, error: { reason: 'schema-violation' } });
    expect(!event.ok && event.error.detail).toContain(told);
  });

  it('refuses something wrong of every type', () => {
    expect(new Set(wrong.map(([name]) => name))).toEqual(new Set(Object.keys(minimal)));
  });

  it('keeps fields that it does not know, at every depth', () => {
    const data = { turn: 't', request: { text: 'hi', mood: 'calm' }, future: [1, { a: null }] };
    expect(parseEvent(eventText('turn', data), { receivedAtMs })).toMatchObject({
      ok: true,
      value: { data },
    });
  });
});

/** An object whose own key is `__proto__`, as only JSON makes it. */
function withProto(value: unknown): unknown {
  return JSON.parse(`{"__proto__":${JSON.stringify(value)}}`);
}

function eventText(name: string, data: unknown): string {
  const envelope = {
    specversion: '1.0',
    id: 'e-1',
    source: '/test',
    subject: 's-1',
    time: '2026-03-01T09:00:00Z',
  };
  return JSON.stringify({ ...envelope, type: `heed.${name}.v1`, data });
}
