import type { Example } from '../exposure/draw-examples.ts';
import { fitPlatt, type PlattLine } from '../calibration/platt.ts';

/** The model to be beaten that reads nothing but how long an answer is: P = 1 / (1 + exp(-(slope ln(1 + length) + offset))), length in UTF-16 units. */
export function fitLengthLine(examples: readonly Example[]): PlattLine {
  return fitPlatt({
    scores: Float64Array.from(examples, ({ turn }) => Math.log1p(turn.response.length)),
    labels: Uint8Array.from(examples, ({ label }) => label),
  });
}

export function byLengthLine({ slope, offset }: PlattLine, lengths: Float64Array): Float64Array {
  return lengths.map((length) => 1 / (1 + Math.exp(-(slope * Math.log1p(length) + offset))));
}
