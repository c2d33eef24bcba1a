/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of one length, indexed below it */
import type { ScoredLabels } from '@heed/statistics';

/** P = 1 / (1 + exp(-(slope logit + offset))). */
export interface PlattLine {
  readonly slope: number;
  readonly offset: number;
}

const MOST_STEPS = 100;
const LEAST_RIDGE = 1e-10;

/**
 * Platt's line by Newton's method with backtracking (Lin, Lin and Weng 2007), labels smoothed towards each other as in the original. Where it would fall, it is
 * level, at the share of positives: a calibration does not turn the order round. Throws RangeError when one class is missing.
 */
export function fitPlatt({ scores, labels }: ScoredLabels): PlattLine {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) throw new RangeError('a line needs both classes to be fitted to');
  const targets = Float64Array.from(labels, (label) =>
    label === 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2),
  );
  let line: PlattLine = { slope: 0, offset: Math.log((positives + 1) / (negatives + 1)) };
  let loss = lossOf(line, scores, targets);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { byOffset, bySlope, direction } = newton(line, scores, targets);
    if (Math.abs(byOffset) < 1e-8 && Math.abs(bySlope) < 1e-8) break;
    const descent = byOffset * direction.offset + bySlope * direction.slope;
    let size = 1;
    let next = moved(line, direction, size);
    let nextLoss = lossOf(next, scores, targets);
    while (nextLoss > loss + 1e-4 * size * descent && size > LEAST_RIDGE) {
      size /= 2;
      next = moved(line, direction, size);
      nextLoss = lossOf(next, scores, targets);
    }
    if (size <= LEAST_RIDGE) break;
    line = next;
    loss = nextLoss;
  }
  return line.slope < 0 ? levelAt(targets) : line;
}

function levelAt(targets: Float64Array): PlattLine {
  const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  return { slope: 0, offset: Math.log(mean / (1 - mean)) };
}

function newton(
  { slope, offset }: PlattLine,
  scores: Float64Array,
  targets: Float64Array,
): { byOffset: number; bySlope: number; direction: PlattLine } {
  let [byOffset, bySlope, ss, so, oo] = [0, 0, LEAST_RIDGE, 0, LEAST_RIDGE];
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at]!;
    const probability = 1 / (1 + Math.exp(-(slope * score + offset)));
    const error = probability - targets[at]!;
    const curve = probability * (1 - probability);
    byOffset += error;
    bySlope += error * score;
    ss += curve * score * score;
    so += curve * score;
    oo += curve;
  }
  const determinant = ss * oo - so * so;
  return {
    byOffset,
    bySlope,
    direction: {
      slope: -(oo * bySlope - so * byOffset) / determinant,
      offset: -(ss * byOffset - so * bySlope) / determinant,
    },
  };
}

function moved({ slope, offset }: PlattLine, direction: PlattLine, size: number): PlattLine {
  return { slope: slope + size * direction.slope, offset: offset + size * direction.offset };
}

/** Cross entropy, written so that no exponential overflows. */
function lossOf({ slope, offset }: PlattLine, scores: Float64Array, targets: Float64Array): number {
  let loss = 0;
  for (let at = 0; at < scores.length; at++) {
    const logit = slope * scores[at]! + offset;
    loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - targets[at]! * logit;
  }
  return loss;
}
