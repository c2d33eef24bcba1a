import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collected, pieces } from '../../testing/fake-shell.ts';
import { jsonValues } from './json-values.ts';
import { isReadable, type Row } from './row.ts';

const rowsIn = (text: string | Buffer, size = 5): Promise<Row[]> =>
  collected(jsonValues(pieces(Buffer.from(text), size)));
const valuesIn = async (text: string, size?: number): Promise<unknown[]> =>
  (await rowsIn(text, size)).map((row) => (isReadable(row) ? row.value : row.problem));

describe('values of a JSON file', () => {
  it('are the elements of its list, however it is laid out and cut into pieces', async () => {
    const cut = fc.integer({ min: 1, max: 11 });
    const indent = fc.constantFrom(0, 2, '\t');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 }),
        indent,
        cut,
        async (list, by, size) => {
          expect(await valuesIn(JSON.stringify(list, null, by), size)).toEqual(
            JSON.parse(JSON.stringify(list)),
          );
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  it('are the values themselves when they stand one after the other', async () => {
    const cut = fc.integer({ min: 1, max: 11 });
    const separator = fc.constantFrom('\n', '  ', '\r\n\r\n');
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(objects, separator, cut, async (values, between, size) => {
        const text = values.map((value) => JSON.stringify(value)).join(between);
        expect(await valuesIn(text, size)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it('know the line they begin on', async () => {
    const rows = await rowsIn('[\n  {"a": 1},\n\n  {"b":\n 2}, 3]');
    expect(rows.map(({ line }) => line)).toEqual([2, 4, 5]);
  });

  it('are passed over when they are broken inside their brackets', async () => {
    expect(await valuesIn('[{"a":1},{"b" 2},{"c":3}]')).toEqual([
      { a: 1 },
      'the value is not JSON',
      { c: 3 },
    ]);
  });

  it('keep their bytes when they are not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('["a","'), Buffer.from([0xff]), Buffer.from('"]')]);
    const [, second] = await rowsIn(bytes);
    expect(second).toMatchObject({ problem: 'the bytes are not UTF-8' });
  });

  it.each([
    ['[{"a":1},{"b":', 'the file ends inside the value that begins at line 1'],
    ['[{"a":1},', 'the file ends before its list is closed'],
    ['{"a":1}}', 'a bracket closes that was never opened'],
    ['[1] 2', 'something follows the end of the list'],
  ])('stop with a reason at %s', async (text, reason) => {
    await expect(rowsIn(text)).rejects.toThrow(reason);
  });

  it('come out before the fault that ends the file', async () => {
    const seen: unknown[] = [];
    const reading = async (): Promise<void> => {
      for await (const rows of jsonValues(pieces(Buffer.from('[{"a":1},{"b":2},{"c'), 3))) seen.push(...rows);
    };
    await expect(reading()).rejects.toThrow('the file ends inside');
    expect(seen).toHaveLength(2);
  });
});
