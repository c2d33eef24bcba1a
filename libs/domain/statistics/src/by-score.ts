/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of one length, indexed below it */
import type { ScoredLabels } from './scored-labels.ts';

/** Cases of one score. */
export interface ScoreGroup {
  readonly score: number;
  readonly positives: number;
  readonly negatives: number;
}

/** The cases by score, the lowest first, those of one score together. O(n log n). */
export function byScore({ scores, labels }: ScoredLabels): readonly ScoreGroup[] {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  const groups: ScoreGroup[] = [];
  for (let at = 0; at < order.length;) {
    const score = scores[order[at]!]!;
    let positives = 0;
    const first = at;
    while (at < order.length && scores[order[at]!] === score) positives += labels[order[at++]!]!;
    groups.push({ score, positives, negatives: at - first - positives });
  }
  return groups;
}
