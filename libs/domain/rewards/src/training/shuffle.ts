/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexed below its length */
import type { SeededRandom } from '@heed/kernel';

/** In place, each order as likely (Fisher and Yates). */
export function shuffle(order: Uint32Array, random: SeededRandom): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
}
