import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loveTurns } from '../training-run/love-turns.fixture.ts';
import { FeatureReader } from './feature-reader.ts';
import { tableRows } from './table-rows.ts';

const turns = loveTurns(12);
const reader = new FeatureReader('answer');
const table = reader.read(turns);

it('are what reading those turns again gives', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(turns.length - 1), { maxLength: 30 }), (rows) => {
      expect(tableRows(table, rows)).toEqual(reader.read(rows.flatMap((row) => turns[row] ?? [])));
    }),
    { seed: 5 },
  );
});
