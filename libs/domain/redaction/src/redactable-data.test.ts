import { jsonSchemas } from '@heed/events';
import { expect, it } from 'vitest';
import { isKept, isObject, REDACTABLE_DATA } from './redactable-data.ts';

function at(type: string, path: string) {
  let shape = REDACTABLE_DATA.get(type);
  for (const key of path.split('.'))
    shape = shape !== undefined && isObject(shape) ? (shape.members.get(key) ?? shape.others) : shape;
  return shape;
}

it('knows every type of event there is', () => {
  expect([...REDACTABLE_DATA.keys()].map((type) => `${type}.schema.json`)).toEqual(
    Object.keys(jsonSchemas()),
  );
});

it.each([
  ['heed.turn.v1', 'turn'],
  ['heed.turn.v1', 'served.fix'],
  ['heed.reaction.v1', 'kind'],
  ['heed.reaction.v1', 'retracts'],
  ['heed.behaviour.v1', 'by'],
  ['heed.comparison.v1', 'chosen.turn'],
  ['heed.erasure.v1', 'user'],
])('%s keeps %s, whatever it says', (type, path) => {
  const shape = at(type, path);
  expect(shape !== undefined && isKept(shape) && shape.keeps('ann@example.com')).toBe(true);
});

it.each([
  ['heed.behaviour.v1', 'kind', 'edited'],
  ['heed.stage.v1', 'verdict', 'good'],
  ['heed.comparison.v1', 'by', 'human'],
  ['heed.annotation.v1', 'target.part', 'request'],
  ['heed.outcome.v1', 'occurredAt', '2026-03-01T09:00:00Z'],
  ['heed.turn.v1', 'stages.startedAt', '2026-03-01T09:00:00Z'],
])('%s keeps %s where it is what it has to be', (type, path, value) => {
  const shape = at(type, path);
  expect(shape !== undefined && isKept(shape) && shape.keeps(value)).toBe(true);
});

it.each([
  ['heed.turn.v1', 'request.text', 'text'],
  ['heed.turn.v1', 'user', 'text'],
  ['heed.turn.v1', 'attributes.anything', 'free'],
  ['heed.turn.v1', 'request.interpretation.slots.anything', 'text'],
  ['heed.turn.v1', 'stages.input', 'free'],
  ['heed.turn.v1', 'invented', 'free'],
  ['heed.behaviour.v1', 'before', 'text'],
  ['heed.annotation.v1', 'severity', 'free'],
  ['heed.erasure.v1', 'reason', 'text'],
])('%s lets %s be %s', (type, path, expected) => {
  expect(at(type, path)).toBe(expected);
});
