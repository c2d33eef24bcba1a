import { seededRandom } from '@heed/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureTable } from '../features/feature-table.ts';
import { WideFit } from './wide-fit.ts';

interface Row {
  readonly grams: readonly (readonly [place: number, weight: number])[];
  readonly number: number;
  readonly label: number;
}

const rows = fc.array(
  fc.record({
    grams: fc.uniqueArray(fc.tuple(fc.nat(5), fc.double({ min: 0.1, max: 1, noNaN: true })), {
      maxLength: 4,
      selector: ([place]) => place,
    }),
    number: fc.double({ min: -2, max: 2, noNaN: true }),
    label: fc.constantFrom(0, 1),
  }),
  { minLength: 2, maxLength: 30 },
);

function tableOf(all: readonly Row[]): FeatureTable {
  const grams = all.flatMap((row) => row.grams);
  let filled = 0;
  return {
    turns: all.length,
    bags: 1,
    numbers: 1,
    starts: Int32Array.from([0, ...all.map((row) => (filled += row.grams.length))]),
    places: Int32Array.from(grams, ([place]) => place),
    weights: Float32Array.from(grams, ([, weight]) => weight),
    values: Float32Array.from(all, ({ number }) => number),
  };
}

describe('WideFit', () => {
  it('comes to where the gradient of the penalised loss is nothing', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(0.1, 1, 5), (all, strength) => {
        const table = tableOf(all);
        const fit = new WideFit(
          table,
          Uint8Array.from(all, ({ label }) => label),
          { strength, numberScale: 1 },
        );
        const random = seededRandom(7);
        for (let pass = 0; pass < 2000 && fit.pass(random) > 1e-8; pass++);
        const { bias, places, numbers } = fit.model();
        const slopes = new Map<string, number>([['bias', bias]]);
        const add = (name: string, by: number): void => void slopes.set(name, (slopes.get(name) ?? 0) + by);
        for (let place = 0; place < 6; place++) add(`place ${String(place)}`, places[place] ?? 0);
        add('number', numbers[0] ?? 0);
        all.forEach(({ label }, turn) => {
          let logit = bias + (numbers[0] ?? 0) * (table.values[turn] ?? 0);
          const [start, end] = [table.starts[turn] ?? 0, table.starts[turn + 1] ?? 0];
          for (let at = start; at < end; at++)
            logit += (places[table.places[at] ?? 0] ?? 0) * (table.weights[at] ?? 0);
          const towards = strength * (1 / (1 + Math.exp(-logit)) - label);
          add('bias', towards);
          add('number', towards * (table.values[turn] ?? 0));
          for (let at = start; at < end; at++)
            add(`place ${String(table.places[at])}`, towards * (table.weights[at] ?? 0));
        });
        for (const slope of slopes.values()) expect(Math.abs(slope)).toBeLessThan(1e-4);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('goes on with more turns, and at another strength, to what a fit of all of it comes to', () => {
    const labelsOf = (own: readonly Row[]): Uint8Array => Uint8Array.from(own, ({ label }) => label);
    const settle = (fit: WideFit): ReturnType<WideFit['model']> => {
      const random = seededRandom(7);
      for (let n = 0; n < 2000 && fit.pass(random) > 1e-9; n++);
      return fit.model();
    };
    fc.assert(
      fc.property(rows, fc.constantFrom(0.2, 1, 4), fc.nat(3), (all, begin, share) => {
        const cut = Math.floor(all.length / 2);
        const [first, second] = [all.slice(0, cut), all.slice(cut)];
        const goesOn = new WideFit(tableOf(first), labelsOf(first), { strength: begin, numberScale: 1 });
        settle(goesOn);
        goesOn.strengthen(1);
        goesOn.learnAlso(tableOf(second), labelsOf(second), new Float32Array(second.length).fill(share));
        // What counts thrice is there three times.
        const repeated = [...first, ...Array.from({ length: share }, () => second).flat()];
        const atOnce = new WideFit(tableOf(repeated), labelsOf(repeated), { strength: 1, numberScale: 1 });
        const [one, other] = [settle(goesOn), settle(atOnce)];
        expect(one.bias).toBeCloseTo(other.bias, 4);
        expect(one.numbers[0]).toBeCloseTo(other.numbers[0] ?? NaN, 4);
        for (let place = 0; place < 6; place++)
          expect(one.places[place]).toBeCloseTo(other.places[place] ?? NaN, 4);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('is the same for the same seed', () => {
    const all = [0, 1, 1, 0, 1].map((label, n): Row => ({ grams: [[n % 3, 1]], number: n, label }));
    const models = [1, 2].map(() => {
      const fit = new WideFit(
        tableOf(all),
        Uint8Array.from(all, ({ label }) => label),
        { strength: 1, numberScale: 0.3 },
      );
      fit.pass(seededRandom(3));
      return fit.model();
    });
    expect(models[0]).toEqual(models[1]);
  });
});
