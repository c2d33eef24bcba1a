export {
  catalogueOf,
  EVENT_CATALOGUE,
  EVENT_VERSIONS,
  type CatalogueEntry,
  type EventCatalogue,
  type EventData,
  type EventName,
  type EventType,
} from './catalogue.ts';
export { cloudEventOf, type CloudEvent, type CloudEventParts } from './cloud-event.ts';
export { consumptionOf } from './consumption-of.ts';
export { dataSubjectOf, type DataSubject } from './data-subject.ts';
export { FORBIDDEN } from './forbidden.ts';
export { DEAD_LETTER_REASONS, type DeadLetter, type DeadLetterReason } from './dead-letter.ts';
export type {
  AskedErasure,
  ErasedSeals,
  ErasureFailure,
  ErasureReach,
  ErasureRecord,
  ErasureRegister,
  ErasureResult,
  PendingErasure,
} from './erasure-register.ts';
export { erasureRetryMs, LONGEST_RETRY_MS } from './erasure-retry.ts';
export { DEFAULT_EVENT_LIMITS, NO_LIMITS, type EventLimits } from './event-limits.ts';
export { entriesAhead } from './entries-ahead.ts';
export type {
  AppendOutcome,
  ConsumeOptions,
  ReadOptions,
  ReplayOptions,
  Consumption,
  EventLog,
  LogCount,
  LogEntry,
  LogLag,
  LogPosition,
  NewLogEntry,
  OpenBodies,
  PartitionLag,
} from './event-log.ts';
export type { EventOf, HeedEvent } from './event.ts';
export type { ImportProgress } from './import-progress.ts';
export { jsonSchemas } from './json-schemas.ts';
export {
  eventIdOfKey,
  logEntryOf,
  logKeyOf,
  type LogEntryOptions,
  type ReadLogEntry,
  type ReceivedEvent,
} from './log-entry-of.ts';
export {
  parseEvent,
  parseEventValue,
  parseWith,
  type CatalogueEvent,
  type ParseContext,
} from './parse-event.ts';
export { REACTION_KINDS } from './reaction.ts';
export { redrivenEntry, redrivenOf, type Redriven } from './redriven.ts';
export { rfc3339Ms } from './rfc3339.ts';
export { sameContent } from './same-content.ts';
export { plainBody, sealedBody, sealedIn, textOfPlain, type Sealed } from './sealed-body.ts';
export { STAGE_NAMES } from './turn.ts';
export { firstVersion, type StoredVersions, type VersionChain } from './version-chain.ts';
