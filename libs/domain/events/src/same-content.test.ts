import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameContent } from './same-content.ts';

describe('comparing two bodies', () => {
  it.each([
    ['{"a":1,"b":[1,2]}', '{ "b": [1, 2], "a": 1.0 }', true],
    ['{"a":1}', '\ufeff{"a":1}', true],
    ['{"a":"\\u0041"}', '{"a":"A"}', true],
    ['{"a":1}', '{"a":"1"}', false],
    ['{"a":1}', '{"a":1,"b":null}', false],
    ['{"a":null}', '{"a":{}}', false],
    ['{"a":[]}', '{"a":{}}', false],
    ['[1,2]', '[2,1]', false],
    ['{"a":{"b":1}}', '{"a":{"toString":1}}', false],
    ['not JSON', 'not JSON', true],
    ['not JSON', 'not json', false],
    ['{}', 'not JSON', false],
  ])('of %s and %s says %s', (a, b, same) => {
    expect(sameContent(a, b)).toBe(same);
    expect(sameContent(b, a)).toBe(same);
  });

  it('takes no notice of the order of keys, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameContent(JSON.stringify(value), JSON.stringify(reversed(value)))).toBe(true);
      }),
      { seed: 7 },
    );
  });

  it('finds a change of any one text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [textA, textB] = [JSON.stringify(a), JSON.stringify(b)];
        const same = JSON.stringify(sorted(JSON.parse(textA))) === JSON.stringify(sorted(JSON.parse(textB)));
        expect(sameContent(textA, textB)).toBe(same);
      }),
      { seed: 7 },
    );
  });

  it('goes as deep as a body can', () => {
    const deep = (inner: string) => `${'['.repeat(200_000)}${inner}${']'.repeat(200_000)}`;
    expect(sameContent(deep('1'), deep(' 1'))).toBe(true);
    expect(sameContent(deep('1'), deep('2'))).toBe(false);
  });
});

function reversed(value: unknown): unknown {
  return rebuilt(value, (entries) => entries.reverse(), reversed);
}

function sorted(value: unknown): unknown {
  return rebuilt(value, (entries) => entries.sort(([a], [b]) => (a < b ? -1 : 1)), sorted);
}

type Entries = [string, unknown][];

function rebuilt(
  value: unknown,
  order: (entries: Entries) => Entries,
  inner: (value: unknown) => unknown,
): unknown {
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(order(Object.entries(value)).map(([key, field]) => [key, inner(field)]));
}
