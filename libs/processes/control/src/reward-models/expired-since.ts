const DAY_MS = 86_400_000;

/**
 * Horizons that were drawn from then on may have taken what a model learnt from. A day before its training: what a horizon takes is removed up to some
 * hours after it was drawn, where that was cut off, and the clocks of machines differ.
 */
export function forgetsBack(trainedAtMs: number): number {
  return trainedAtMs - DAY_MS;
}
