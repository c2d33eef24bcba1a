export { systemClock, type Clock } from './clock.ts';
export { closeWithin } from './close-within.ts';
export { httpAdapter } from './http-adapter.ts';
export { BoundTo, CallerName, refuseOtherTenant, Sender, type Caller } from './keys/caller.ts';
export { guardEdge, type EdgeOptions } from './keys/guard-edge.ts';
export { apiKeyStreamOf, KeyRing } from './keys/key-ring.ts';
export { freshKey, ownerKeyOf, type FreshKey } from './keys/key-text.ts';
export { KEY_SCHEME, LeastRole, type Role } from './keys/role.ts';
export { lagInTime } from './lag-in-time.ts';
export {
  faultFields,
  jsonLog,
  LOG_LEVELS,
  nestLogger,
  type Log,
  type LogFields,
  type LogLevel,
} from './log.ts';
export { measureRequests } from './metrics/measure-requests.ts';
export { measuredLog } from './metrics/measured-log.ts';
export { measuredSessionStore } from './metrics/measured-session-store.ts';
export { Metrics } from './metrics/metrics.ts';
export { MetricsModule } from './metrics/metrics.controller.ts';
export { respondWithProgress, type RawReply, type ReportProgress } from './ndjson.ts';
export { Describe } from './open-api.ts';
export { openBundleKey } from './open-bundle-key.ts';
export * from './ports.ts';
export { problemHeaders, ProblemFilter, problemOf } from './problem-filter.ts';
export { HealthController, HealthModule, Readiness, type Need } from './readiness.ts';
export { parseSettings } from './settings.ts';
export { sha256Hex } from './sha256.ts';
export { isShuttingDown, shuttingDown } from './shutting-down.ts';
export { parseTenant, Tenant, tenantName } from './tenant.ts';
export { tracedLog } from './tracing/traced-log.ts';
export { traceRequests } from './tracing/trace-requests.ts';
export { utf8Text } from './utf8-text.ts';
export { waitUnless } from './wait-unless.ts';
export { ZodPipe } from './zod-pipe.ts';
