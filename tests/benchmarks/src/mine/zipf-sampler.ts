/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import type { SeededRandom } from '@heed/kernel';

const GUIDES_PER_ITEM = 2;

/** Draws ranks 0 .. count - 1 with probability proportional to 1 / (rank + 1)^exponent: inversion with a guide table, O(1) a draw. */
export function zipfSampler(count: number, exponent: number, random: SeededRandom): () => number {
  const cumulative = new Float64Array(count);
  let total = 0;
  for (let rank = 0; rank < count; rank++) cumulative[rank] = total += (rank + 1) ** -exponent;
  const guides = new Uint32Array(count * GUIDES_PER_ITEM);
  for (let guide = 0, rank = 0; guide < guides.length; guide++) {
    while (cumulative[rank]! < (guide / guides.length) * total) rank++;
    guides[guide] = rank;
  }
  return () => {
    const share = random.next();
    let rank = guides[Math.floor(share * guides.length)]!;
    while (cumulative[rank]! < share * total) rank++;
    return rank;
  };
}
