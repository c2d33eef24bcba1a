import { z } from 'zod';

/** `open`: something is to be done; `waiting`: for its turn, no dead letter yet; `redriven`: an event took its place. */
export const deadLetterState = z.enum(['open', 'waiting', 'redriven']);
export type DeadLetterState = z.infer<typeof deadLetterState>;

export const deadLetterView = z.object({
  id: z.string(),
  /** Means the same as `id` wherever one is asked for. */
  shortId: z.string(),
  state: deadLetterState,
  reason: z.string(),
  detail: z.string(),
  remedy: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  session: z.string(),
  firstSeen: z.string(),
  /**
   * Different texts that were refused under this event id for this reason. The same text sent again is answered `dead-lettered` again
   * and not counted: the log keeps it once.
   */
  count: z.number().int(),
  /** How long a waiting one waits: until an event of the tenant is received that late. Null for all others. */
  waitsUntil: z.string().nullable(),
  /** What took its place and when, oldest first. */
  redriven: z.array(z.object({ event: z.string(), at: z.string() })),
  /** In a list only the first 1024 characters. */
  bytes: z.string(),
  /** How long the bytes are as a whole. */
  bytesLength: z.number().int(),
});
export type DeadLetterView = z.infer<typeof deadLetterView>;

export const deadLetterList = z.object({
  /** Open ones, and how many of each reason. */
  total: z.number().int(),
  reasons: z.record(z.string(), z.number().int()),
  waiting: z.number().int(),
  redriven: z.number().int(),
  /** Those of the state that was asked for. */
  deadLetters: z.array(deadLetterView),
});
export type DeadLetterList = z.infer<typeof deadLetterList>;

/** `{}` sends the original bytes again; `event` sends a corrected event in their place. */
export const redriveRequest = z.object({ event: z.record(z.string(), z.unknown()).optional() });
export type RedriveRequest = z.infer<typeof redriveRequest>;
