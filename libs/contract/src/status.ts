import { z } from 'zod';

/**
 * The accounting identity and what is left to do, for one tenant. `balanced`: stored + deadLettered + expired is
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
  /** Removed from the warehouse because their retention is over, and still in the log, which is to let them go itself. */
  expired: z.number().int().default(0),
  /** Log entries the projector has not read yet, all tenants. */
  lag: z.number().int(),
  balanced: z.boolean(),
});
export type Accounting = z.infer<typeof accounting>;

/** How far the log reaches and how far the warehouse has read it, summed over its partitions: to be looked at, not to be waited by. */
const logReach = z.object({ head: z.number().int(), committed: z.number().int() });

/** What `GET /v1/lag` is asked. */
export const lagQuery = z.object({
  /**
   * A name of the asker's own making for what it waits for: everything that was acknowledged before the name was first asked with. The same name
   * again and again until `ahead` is 0.
   */
  wait: z
    .string()
    .regex(/^[\w-]{1,64}$/u, 'expected 1 to 64 letters, digits, _ or -')
    .optional(),
});

export const lagReport = z.object({
  /** Still to be read, all tenants. */
  entries: z.number().int(),
  /**
   * Of what was in the log when `wait` was first asked with, how much is still to be read: at 0 the warehouse shows all of it, whatever came in
   * meanwhile. Null without `wait`.
   */
  ahead: z.number().int().nullable(),
  /** Null for a key of one tenant: how long the common log is, is no business of its own. */
  log: logReach.nullable(),
});
export type LagReport = z.infer<typeof lagReport>;

export const statusReport = z.object({ tenants: z.array(accounting), log: logReach.nullable() });
export type StatusReport = z.infer<typeof statusReport>;

/** The accounting over all tenants, and what is wrong with what to do about it. */
export const doctorReport = z.object({
  accepted: z.number().int(),
  stored: z.number().int(),
  waiting: z.number().int(),
  deadLettered: z.number().int(),
  redriven: z.number().int(),
  expired: z.number().int().default(0),
  lag: z.number().int(),
  balanced: z.boolean(),
  versions: z.record(z.string(), z.string()),
  problems: z.array(z.object({ what: z.string(), do: z.string() })),
});
export type DoctorReport = z.infer<typeof doctorReport>;

export const replayReport = z.object({
  events: z.number().int(),
  tables: z.array(z.object({ table: z.string(), rows: z.number().int(), equal: z.boolean().nullable() })),
  /** What models made, not the log: it is neither built nor compared. */
  notOfTheLog: z.array(z.string()).default([]),
  /** Of a comparison: sessions whose outcomes another model of failed turns, or the rules, decided than would now. */
  otherwiseJudged: z.number().int().default(0),
  seconds: z.number(),
});
export type ReplayReport = z.infer<typeof replayReport>;
