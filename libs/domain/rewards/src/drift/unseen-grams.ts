/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { FeatureTable } from '../features/feature-table.ts';
import type { Scaling } from '../training/scaling.ts';
import { base64Of, bytesOf } from '../training-run/base64.ts';

/** The grams that a model weighs, as a bit for each place in base64: those that come in enough of the turns it was fitted on. 43 KiB. */
export function knownGrams({ idf }: Pick<Scaling, 'idf'>): string {
  const bits = new Uint8Array(Math.ceil(idf.length / 8));
  idf.forEach((weight, place) => {
    if (weight > 0) bits[place >>> 3]! |= 1 << (place & 7);
  });
  return base64Of(bits);
}

/** Share of each turn's grams, 0 to 1, that the model does not know; 0 of a turn without grams. O(grams). */
export function unseenShares(known: string, table: FeatureTable): Float64Array {
  const bits = bytesOf(known);
  return Float64Array.from({ length: table.turns }, (_, turn) => {
    const [start, end] = [table.starts[turn * table.bags]!, table.starts[(turn + 1) * table.bags]!];
    let unseen = 0;
    for (let at = start; at < end; at++) {
      const place = table.places[at]!;
      if ((bits[place >>> 3]! & (1 << (place & 7))) === 0) unseen++;
    }
    return unseen / Math.max(1, end - start);
  });
}
