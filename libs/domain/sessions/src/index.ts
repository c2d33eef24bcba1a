export { readRequest } from './asked-turn.ts';
export { deriveSession, IDLE_GAP_MS, type DeriveOptions } from './derive-session.ts';
export {
  CHAIN_ENDS,
  FOLLOW_UP_KINDS,
  REFORMULATION_KINDS,
  TURN_OUTCOMES,
  type Chain,
  type ChainEnd,
  type ChainStep,
  type DerivedSession,
  type DerivedTurn,
  type FollowUp,
  type FollowUpKind,
  type Orphan,
  type Reformulation,
  type ReformulationKind,
  type SessionModelVersions,
  type Signal,
  type TurnOutcome,
  type TurnOutcomeKind,
} from './derived-session.ts';
export { type DefectModel, type DefectModelOf, type DefectModels } from './defect-model.ts';
export type { NamedByTenant, OutcomeModelNames } from './outcome-model-names.ts';
export { judgeSession } from './judge-session.ts';
export { ErasureTallies } from './erasure-tallies.ts';
export { ERASED_LETTER, withErased, type ErasedEvent } from './erased-events.ts';
export { followUpRules, type FollowUpModel, type FollowUpPair } from './follow-up-rules.ts';
export { outcomeRules, SILENT_SUCCESS, type OutcomeModel, type TurnEvidence } from './outcome-rules.ts';
export {
  type Judgement,
  type ReadRequest,
  type ReformulationModel,
  type RequestPair,
} from './reformulation/reformulation-model.ts';
export { givenAnswers, type GivenAnswer } from './given-answers.ts';
export { reformulationRules } from './reformulation/reformulation-rules.ts';
export { type SessionEvent } from './session-event.ts';
export {
  PART_EVENTS,
  partKey,
  PLACE_KINDS,
  placeEvents,
  sessionOfPart,
  turnNamedBy,
  type Place,
  type Placeable,
  type PlacedEvent,
} from './session-parts.ts';
export { ruleModels, type SessionModels } from './session-models.ts';
export { DEFAULT_ORPHAN_BOUNDS, type OrphanBounds } from './orphan-bounds.ts';
export {
  type DeadLetterRow,
  type FiledEvent,
  type KnownSession,
  type PlaceRow,
  type PlacesAsked,
  type RedriveRow,
  type RepeatRow,
  type SessionChanges,
  type SessionKey,
  type SessionStore,
} from './session-store.ts';
export {
  SERVED_BY,
  stateOf,
  stateOfInterpretation,
  type Interpretation,
  type NamedRequest,
} from './state-of.ts';
export { shownOutcomes, withRuledDefects, type ShownTurn } from './shown-outcomes.ts';
export { retractedReactions } from './retracted-reactions.ts';
export { takersOf } from './takers-of.ts';
export {
  type ForgettableRows,
  type ForgettableSession,
  type NamedErasure,
  type ProjectPiece,
  type RestingFix,
  type WarehouseForgetting,
} from './warehouse-forgetting.ts';
export { type WarehouseCopies, type WarehouseCopy } from './warehouse-copy.ts';
export {
  DEAD_LETTER_STATES,
  NOT_OF_THE_LOG,
  type DeadLetterPage,
  type DeadLetterState,
  type SizedDeadLetter,
  type RebuiltTable,
  type RebuiltWarehouse,
  type TenantCounts,
  type WarehouseReader,
  type WarehouseRebuild,
} from './warehouse-reader.ts';
export { alexaCqrPairs } from './evaluation/alexa-cqr-pairs.ts';
export { type ClassificationFigures } from './evaluation/classification-figures.ts';
export {
  evaluateReformulations,
  splitByGroup,
  type ReformulationFigures,
} from './evaluation/evaluate-reformulations.ts';
export { longInstructionPairs } from './evaluation/long-instruction-pairs.ts';
export { type LabelledPair } from './evaluation/labelled-pair.ts';
export { trecSessionPairs } from './evaluation/trec-session-pairs.ts';
export { evaluateOutcomes, type OutcomeFigures, type OutcomeShare } from './evaluation/evaluate-outcomes.ts';
export { ussDialogues, type RatedTurn } from './evaluation/uss-dialogues.ts';
export {
  type AgedSession,
  type ExpirableLetters,
  type ExpirableRows,
  type SessionPositions,
} from './expirable-rows.ts';
export type { TouchedEvents } from './touched-events.ts';
