import { describe, expect, it } from 'vitest';
import { asNumber, asOutcome } from './read-scalar.ts';

const noNote = (detail: string): void => {
  throw new Error(detail);
};

describe('a cell of a table', () => {
  it.each(['', '  ', '\t', '\u00a0'])('that is blank, %j, is neither a number nor an outcome', (cell) => {
    expect(asNumber(cell, 'it', noNote)).toBeUndefined();
    expect(asOutcome(cell, 'it', noNote)).toBeUndefined();
  });

  it('may have blanks around what it says', () => {
    expect(asNumber(' 4.5 ', 'it', noNote)).toBe(4.5);
    expect(asOutcome(' True ', 'it', noNote)).toBe(true);
  });

  it('that says something else is told', () => {
    expect(() => asNumber('four', 'the rating', noNote)).toThrow('the rating is not a number');
  });
});
