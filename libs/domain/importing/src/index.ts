export { checkColumns } from './check-columns.ts';
export { eventIdOf, type EventIdParts } from './event-id-of.ts';
export { DEFAULT_SESSION_GAP_MS, idleGapSessions, type IdleGapOptions } from './idle-gap-sessions.ts';
export type { MappingProblem } from './mapping-problem.ts';
export { readMapping, type Mapping } from './mapping.ts';
export {
  recordMapper,
  type RecordMapper,
  type RecordMapperOptions,
  type RecordPosition,
} from './record-mapper.ts';
export { SHIPPED_MAPPINGS } from './shipped-mappings.ts';
export { parseTimeFormat, type TimeReader } from './time-format.ts';
