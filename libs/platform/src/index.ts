export { systemClock, type Clock } from './clock.ts';
export { closeWithin } from './close-within.ts';
export { httpAdapter } from './http-adapter.ts';
export {
  faultFields,
  jsonLog,
  LOG_LEVELS,
  nestLogger,
  type Log,
  type LogFields,
  type LogLevel,
} from './log.ts';
export { respondWithProgress, type RawReply, type ReportProgress } from './ndjson.ts';
export { Describe } from './open-api.ts';
export { openBundleKey } from './open-bundle-key.ts';
export * from './ports.ts';
export { ProblemFilter, problemOf } from './problem-filter.ts';
export { HealthController, HealthModule, Readiness } from './readiness.ts';
export { parseSettings } from './settings.ts';
export { sha256Hex } from './sha256.ts';
export { parseTenant, Tenant } from './tenant.ts';
export { utf8Text } from './utf8-text.ts';
export { ZodPipe } from './zod-pipe.ts';
