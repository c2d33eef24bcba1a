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
export { DEAD_LETTER_REASONS, type DeadLetter, type DeadLetterReason } from './dead-letter.ts';
export { DEFAULT_EVENT_LIMITS, type EventLimits } from './event-limits.ts';
export type {
  AppendOutcome,
  ConsumeOptions,
  ReadOptions,
  Consumption,
  EventLog,
  LogCount,
  LogEntry,
  LogLag,
  LogPosition,
  NewLogEntry,
} from './event-log.ts';
export type { EventOf, HeedEvent } from './event.ts';
export type { ImportProgress } from './import-progress.ts';
export { jsonSchemas } from './json-schemas.ts';
export { logEntryOf, type LogEntryOptions, type ReadLogEntry, type ReceivedEvent } from './log-entry-of.ts';
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
export { STAGE_NAMES } from './turn.ts';
export { firstVersion, type StoredVersions, type VersionChain } from './version-chain.ts';
