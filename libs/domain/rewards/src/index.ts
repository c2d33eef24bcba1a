export { textsOf, type Aftermath, type AnsweredTurn, type Said } from './answered-turn.ts';
export { fitIsotonic, type IsotonicCurve } from './calibration/isotonic.ts';
export { fitPlatt, type PlattLine } from './calibration/platt.ts';
export {
  asRead,
  FeatureReader,
  FEATURES_VERSION,
  type ReadableTurn,
  type Reading,
} from './features/feature-reader.ts';
export type { FeatureTable } from './features/feature-table.ts';
export { readWithEncoder } from './features/read-with-encoder.ts';
export type { SentenceEncoder } from './features/sentence-encoder.ts';
export {
  calibrated,
  logitsOf,
  scoreTurns,
  type Calibration,
  type RewardHead,
  type Scores,
} from './reward-head.ts';
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
export {
  checkGraph,
  checkScoresLove,
  MODEL_PRODUCER,
  modelMetadata,
  readModelFile,
  type ModelFacts,
} from './serving/model-file.ts';
export { graphBatches, scoreByGraph, type GraphInputs, type GraphOutputs } from './serving/score-by-graph.ts';
export type { ModelScorers } from './serving/model-scorers.ts';
export { cardIn } from './card/card-in.ts';
export { cardOf } from './card/card-of.ts';
export { cardPage } from './card/card-page.ts';
export {
  laterFigures,
  modelCard,
  type JudgedFigures,
  type LaterFigures,
  type ModelCard,
} from './card/model-card.ts';
export type { ObservedReaction, ObservedTurn } from './exposure/observed-turn.ts';
export { observeSession, type SessionTurn } from './exposure/observe-session.ts';
export type { ObservedTurns } from './exposure/observed-turns.ts';
export { evaluateModel } from './training-run/evaluate-model.ts';
export { eventsIn, eventSetOf, type EventSet } from './training-run/event-set.ts';
export type { ModelFiles } from './training-run/model-files.ts';
export type { RewardTrainer, TrainingWatch, WrittenModel } from './training-run/reward-trainer.ts';
export { trainModel, type TrainedHead } from './training-run/train-model.ts';
export type { TrainingOrder, TrainingProgress } from './training-run/training-order.ts';
export type { Candidate, Constraint, Objectives } from './objectives/candidate.ts';
export {
  chooseByObjectives,
  type NothingAdmissible,
  type ObjectiveChoice,
} from './objectives/choose-by-objectives.ts';
export { klDivergence } from './objectives/kl-divergence.ts';
export { paretoTable, type ParetoQuestion, type ParetoRow } from './objectives/pareto-table.ts';
export { tiltedPolicy } from './objectives/tilted-policy.ts';
export { bestOfK, type AnswerPool, type AnswerScore } from './gaming/best-of-k.ts';
export { ENGLISH_SIGNS, type GamingSigns, type SignRules } from './gaming/signs.ts';
export type { SpokenAnswer } from './gaming/spoken-answer.ts';
export {
  gamingOf,
  SIGN_LIMITS,
  type GamingQuestion,
  type GamingReport,
  type SignLimit,
} from './gaming/tripwires.ts';
export { driftOf, type DriftReport, type Watched } from './drift/drift.ts';
export { unseenShares } from './drift/unseen-grams.ts';
export { foresightOf, type ForesightReport, type PastPolicy } from './foresight/foresight.ts';
export {
  adversariesMove,
  type AdversaryFigures,
  type AdversaryQuestion,
  type AdversaryReport,
  type LoveScorer,
} from './adversaries/adversaries.ts';
export type { Attack } from './adversaries/planted-turns.ts';
