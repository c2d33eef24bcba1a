export { textsOf, type Aftermath, type AnsweredTurn, type Said } from './answered-turn.ts';
export { fitIsotonic, type IsotonicCurve } from './calibration/isotonic.ts';
export { fitPlatt, type PlattLine } from './calibration/platt.ts';
export {
  FeatureReader,
  FEATURES_VERSION,
  type ReadableTurn,
  type Reading,
} from './features/feature-reader.ts';
export type { FeatureTable } from './features/feature-table.ts';
export { calibrated, logitsOf, scoreTurns, type Calibration, type RewardHead } from './reward-head.ts';
export { EMBEDDING_BITS, EMBEDDING_SIZE, HIDDEN, type Network } from './training/network.ts';
export { NetworkFit } from './training/network-fit.ts';
export { MOST_DEVIATIONS, scaled, scalingOf, type Scaling } from './training/scaling.ts';
export { WideFit } from './training/wide-fit.ts';
export { fitHead, type FitReport, type LabelledTable } from './training/fit-head.ts';
export { splitByTime } from './training/split-by-time.ts';
export { drawExamples, type Example, type Examples } from './exposure/draw-examples.ts';
export { DEFAULT_EXPOSURE, type ExposureRules } from './exposure/exposure-rules.ts';
export { sampleNegatives } from './exposure/sample-negatives.ts';
export { evaluate, type Evaluation, type JudgedCases } from './evaluation/evaluate.ts';
export { segmentsOf, type Segment } from './evaluation/segments.ts';
export { releaseGates } from './evaluation/release-gates.ts';
