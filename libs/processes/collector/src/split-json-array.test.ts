import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitJsonArray } from './split-json-array.ts';

describe('splitJsonArray', () => {
  it.each([
    ['[]', []],
    [' [ ] ', []],
    ['[1]', ['1']],
    ['[{"a":[1,2]},\n "x,]\\"" , null]', ['{"a":[1,2]}', '"x,]\\""', 'null']],
    ['[{"a":"\\\\"},2]', ['{"a":"\\\\"}', '2']],
    ['[{"broken": tru}, {"b":1}]', ['{"broken": tru}', '{"b":1}']],
    ['[1,]', ['1', '']],
  ])('splits %s', (text, elements) => {
    expect(splitJsonArray(text)).toEqual(elements);
  });

  it.each(['', '{}', '[1', '[1]]', '["open]', '[1] x', 'null'])('refuses %s', (text) => {
    expect(splitJsonArray(text)).toBeNull();
  });

  it('gives back exactly the texts that were joined', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), (elements) => {
        const texts = elements.map((element) => element.trim());
        expect(splitJsonArray(`[${texts.join(' , ')}]`)).toEqual(texts);
      }),
      { seed: 17 },
    );
  });
});
