/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { FeatureTable } from '../features/feature-table.ts';

/**
 * Share of each turn's grams, 0 to 1, that no turn of `seen` has; 0 of a turn without grams. To be watched for drift: what a model was fitted on has none, so
 * `seen` is the earlier part of the training window and the later part is what now is compared with.
 */
export function unseenShares(seen: FeatureTable, table: FeatureTable): Float64Array {
  const places = new Set(seen.places);
  return Float64Array.from({ length: table.turns }, (_, turn) => {
    const [start, end] = [table.starts[turn * table.bags]!, table.starts[(turn + 1) * table.bags]!];
    let unseen = 0;
    for (let at = start; at < end; at++) if (!places.has(table.places[at]!)) unseen++;
    return unseen / Math.max(1, end - start);
  });
}
