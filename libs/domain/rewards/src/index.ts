export { readableTurn, type ToldTurn } from './told-turn.ts';
export { textsOf, type Aftermath, type AnsweredTurn, type Said } from './answered-turn.ts';
export { fitIsotonic, type IsotonicCurve } from './calibration/isotonic.ts';
export { fitPlatt, type PlattLine } from './calibration/platt.ts';
export {
  asRead,
  encoderIn,
  FeatureReader,
  FEATURES_VERSION,
  type ReadableTurn,
  type Reading,
} from './features/feature-reader.ts';
export { BEHAVIOURS } from './features/aftermath-numbers.ts';
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
export { fitHead, type FitReport } from './training/fit-head.ts';
export type { LabelledTable } from './training/labelled-table.ts';
export { splitByTime } from './training/split-by-time.ts';
export { drawExamples, type Example, type Examples } from './exposure/draw-examples.ts';
export { isTrained, TRAINED_PURPOSES, type TrainedPurpose } from './training-run/purposes.ts';
export { DEFAULT_EXPOSURE, type ExposureRules } from './exposure/exposure-rules.ts';
export { sampleNegatives } from './exposure/sample-negatives.ts';
export { evaluate, type Evaluation, type JudgedCases } from './evaluation/evaluate.ts';
export { segmentsOf, type Segment } from './evaluation/segments.ts';
export { releaseGates } from './evaluation/release-gates.ts';
export {
  checkEncoder,
  checkGraph,
  checkScoresLove,
  MODEL_PRODUCER,
  modelMetadata,
  readModelFile,
  type ModelFacts,
} from './serving/model-file.ts';
export { checkScoresTurns } from './serving/check-scores-turns.ts';
export { graphBatches, scoreByGraph, type GraphInputs, type GraphOutputs } from './serving/score-by-graph.ts';
export type { ModelScorers } from './serving/model-scorers.ts';
export type {
  LogPiece,
  LogScores,
  LogWindow,
  ScoredLog,
  ScoredSession,
  ScoredShare,
  SessionToScore,
  TurnScored,
} from './serving/scored-log.ts';
export { cardIn } from './card/card-in.ts';
export { cardOf } from './card/card-of.ts';
export { cardPage } from './card/card-page.ts';
export { groundsOf } from './card/grounds.ts';
export {
  laterFigures,
  modelCard,
  type JudgedFigures,
  type LaterFigures,
  type ModelCard,
} from './card/model-card.ts';
export type { ObservedReaction, ObservedTurn } from './exposure/observed-turn.ts';
export { observeSession } from './exposure/observe-session.ts';
export { turnsToScore } from './exposure/turns-to-score.ts';
export type { SessionTurn } from './exposure/session-turn.ts';
export type { ObservedTurns } from './exposure/observed-turns.ts';
export { evaluateModel } from './training-run/evaluate-model.ts';
export { eventsIn, eventSetOf, type EventSet } from './training-run/event-set.ts';
export type { ModelFiles } from './training-run/model-files.ts';
export type { RewardTrainer, TrainingWatch, WrittenModel } from './training-run/reward-trainer.ts';
export { cardWithoutAnswers } from './training-run/card-without-answers.ts';
export { trainWithEncoder } from './training-run/train-with-encoder.ts';
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
  SIGNS_IN_WORDS,
  type GamingQuestion,
  type GamingReport,
  type SignLimit,
} from './gaming/tripwires.ts';
export type { DriftReport } from './drift/drift.ts';
export { modelDrift, modelDriftOf, turnsDrift, type ModelDrift } from './drift/model-drift.ts';
export { watchedTurns } from './drift/reference.ts';
export { TakenBackTally, type RetractedTurn, type TakenBack } from './drift/taken-back.ts';
export { RECENT_DAYS, type ModelWatch, type WatchedLog } from './drift/model-watch.ts';
export { foresightOf, type ForesightReport, type PastPolicy } from './foresight/foresight.ts';
export {
  adversariesMove,
  type AdversaryFigures,
  type AdversaryQuestion,
  type AdversaryReport,
  type LoveScorer,
} from './adversaries/adversaries.ts';
export type { Attack } from './adversaries/planted-turns.ts';
export { askModel, withQuestions } from './questions/ask-model.ts';
export {
  adversariesAnswer,
  foresightAnswer,
  gamingAnswer,
  objectivesAnswer,
  type AdversariesAnswer,
  type ForesightAnswer,
  type GamingAnswer,
  type ModelAnswer,
  type ObjectivesAnswer,
} from './questions/model-answers.ts';
export type { ModelQuestion } from './questions/model-question.ts';
