import { z } from 'zod';

/**
 * The accounting identity and what is left to do, for one tenant. `balanced`: stored + deadLettered is
 * no more than accepted, and what is missing is no more than the projector has left to read (`lag`). Once lag is 0 they are equal.
 */
export const accounting = z.object({
  tenant: z.string(),
  accepted: z.number().int(),
  /** Filed with their session, those that wait for their turn among them. */
  stored: z.number().int(),
  /** Of the stored ones, how many wait for their turn. */
  waiting: z.number().int(),
  /** Open and redriven dead letters. */
  deadLettered: z.number().int(),
  /** Of the dead-lettered ones, how many an event took the place of. */
  redriven: z.number().int(),
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
  waiting: z.number().int(),
  deadLettered: z.number().int(),
  redriven: z.number().int(),
  lag: z.number().int(),
  balanced: z.boolean(),
  versions: z.record(z.string(), z.string()),
  problems: z.array(z.object({ what: z.string(), do: z.string() })),
});
export type DoctorReport = z.infer<typeof doctorReport>;

export const replayReport = z.object({
  events: z.number().int(),
  tables: z.array(z.object({ table: z.string(), rows: z.number().int(), equal: z.boolean().nullable() })),
  seconds: z.number(),
});
export type ReplayReport = z.infer<typeof replayReport>;
