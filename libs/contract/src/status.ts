import { z } from 'zod';

/**
 * The accounting identity and what is left to do, for one tenant. `balanced`: stored + deadLettered is
 * no more than accepted, and what is missing is no more than the projector has left to read (`lag`). Once lag is 0 they are equal.
 */
export const accounting = z.object({
  tenant: z.string(),
  accepted: z.number().int(),
  stored: z.number().int(),
  deadLettered: z.number().int(),
  /** Log entries the projector has not read yet, all tenants. */
  lag: z.number().int(),
  balanced: z.boolean(),
});
export type Accounting = z.infer<typeof accounting>;

/**
 * How far the log reaches and how far the warehouse has read it. What was acknowledged before `head` was read shows as soon as
 * `committed` is no less, whatever else comes in meanwhile; `entries` are still to be read, all tenants.
 */
export const lagReport = z.object({
  head: z.number().int(),
  committed: z.number().int(),
  entries: z.number().int(),
});
export type LagReport = z.infer<typeof lagReport>;

export const statusReport = z.object({
  tenants: z.array(accounting),
  log: lagReport.pick({ head: true, committed: true }),
});
export type StatusReport = z.infer<typeof statusReport>;

/** The accounting over all tenants, and what is wrong with what to do about it. */
export const doctorReport = z.object({
  accepted: z.number().int(),
  stored: z.number().int(),
  deadLettered: z.number().int(),
  lag: z.number().int(),
  balanced: z.boolean(),
  versions: z.record(z.string(), z.string()),
  problems: z.array(z.object({ what: z.string(), do: z.string() })),
});
export type DoctorReport = z.infer<typeof doctorReport>;

export const deadLetterView = z.object({
  id: z.string(),
  reason: z.string(),
  detail: z.string(),
  remedy: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  session: z.string(),
  firstSeen: z.string(),
  /** In a list only the first 1024 characters. */
  bytes: z.string(),
  /** How long the bytes are as a whole. */
  bytesLength: z.number().int(),
});
export type DeadLetterView = z.infer<typeof deadLetterView>;

export const deadLetterList = z.object({
  total: z.number().int(),
  reasons: z.record(z.string(), z.number().int()),
  deadLetters: z.array(deadLetterView),
});
export type DeadLetterList = z.infer<typeof deadLetterList>;

/** `{}` sends the original bytes again; `event` sends a corrected event in their place. */
export const redriveRequest = z.object({ event: z.record(z.string(), z.unknown()).optional() });
export type RedriveRequest = z.infer<typeof redriveRequest>;

export const replayReport = z.object({
  events: z.number().int(),
  tables: z.array(z.object({ table: z.string(), rows: z.number().int(), equal: z.boolean().nullable() })),
  seconds: z.number(),
});
export type ReplayReport = z.infer<typeof replayReport>;
