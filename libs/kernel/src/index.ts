export { err, ok, type Err, type Ok, type Result } from './result.ts';
export {
  eventId,
  fixId,
  sessionId,
  tenantId,
  turnId,
  userId,
  type Brand,
  type EventId,
  type FixId,
  type SessionId,
  type TenantId,
  type TurnId,
  type UserId,
} from './ids.ts';
export { Fault } from './fault.ts';
export { seededRandom, type SeededRandom } from './seeded-random.ts';
export { normaliseText } from './normalise-text.ts';
export { unlessAborted } from './unless-aborted.ts';
