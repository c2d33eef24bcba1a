export { apiKeyEventFromStored, apiKeyEventToStored } from './api-key-event-stored.ts';
export {
  apiKeyId,
  KEY_KINDS,
  type ApiKey,
  type ApiKeyCommand,
  type ApiKeyEvent,
  type ApiKeyId,
  type ApiKeyRefusal,
  type ApiKeyState,
  type KeyKind,
  type NewApiKey,
} from './api-key.ts';
export { bundleContentOf, bundleText, DEFAULT_CANARY_SHARE, signedText } from './bundle-content.ts';
export { signBundle, type BundleSigner } from './bundle-signer.ts';
export type { BundleStore } from './bundle-store.ts';
export type { BundleContent, BundleRewrite, Decision, DecisionRequest, SignedBundle } from './bundle.ts';
export { bundleEvaluator, type BundleEvaluator } from './decide-by-bundle.ts';
export { decideApiKey, WEB_ORIGIN } from './decide-api-key.ts';
export { decideFix } from './decide-fix.ts';
export { erasedEventsOf, leaningOf, type ErasedEvents, type ModelGrounds } from './erased-events.ts';
export type {
  EventStore,
  NewStoredEvent,
  NotQuiet,
  Quiet,
  StoredEvent,
  WrongVersion,
} from './event-store.ts';
export { evolveApiKey, initialApiKey } from './evolve-api-key.ts';
export { evolveFix, initialFix } from './evolve-fix.ts';
export { fixEventFromStored, fixEventToStored } from './fix-event-stored.ts';
export { fixIdOf } from './fix-id.ts';
export type { FixProposals } from './fix-proposals.ts';
export {
  FIX_STATUSES,
  type Attribution,
  type Fix,
  type FixCommand,
  type FixEvent,
  type FixRefusal,
  type FixState,
  type FixStatus,
  type FixStep,
  type Rewrite,
} from './fix.ts';
export { loadBundle, type BundleRefusal, type BundleVerifier } from './load-bundle.ts';
export type { StaleFixes } from './stale-fixes.ts';
export type { StaleModels } from './stale-models.ts';
export { liveLoveModel } from './live-love-model.ts';
export { liveModel } from './live-model.ts';
export { decideRewardModel, nameRefusal } from './decide-reward-model.ts';
export { evolveRewardModel, initialRewardModels } from './evolve-reward-model.ts';
export { rewardModelEventFromStored, rewardModelEventToStored } from './reward-model-event-stored.ts';
export {
  MODEL_NAME,
  MODEL_PURPOSES,
  MODEL_STATUSES,
  modelId,
  modelIdOf,
  type DriftFigure,
  type BesideRules,
  type ModelGate,
  type ModelId,
  type ModelPurpose,
  type ModelStatus,
  type RewardModel,
  type RewardModelCommand,
  type RewardModelEvent,
  type RewardModelLine,
  type RewardModelRefusal,
  type StaleReason,
  type TrainedModel,
} from './reward-model.ts';
export type { LiveModels, RewardModels } from './reward-models.ts';
export type { EndedTraining, TrainingRecord } from './training-record.ts';
export { servedSinceMs } from './served-since.ts';
// How a runtime names an interpretation: the same function that named the state it was learnt under.
export { stateOfInterpretation, type Interpretation } from '@heed/sessions';
