/**
 * Why an event could not become part of a session. Kept for ever: dashboards and scripts count by these words. `forbidden` is
 * for events sent with a key that may not send them.
 */
export const DEAD_LETTER_REASONS = [
  'unreadable',
  'schema-violation',
  'unknown-type',
  'unsupported-version',
  'oversized',
  'clock-skew',
  'conflicting-duplicate',
  'unknown-turn',
  'forbidden',
  'poisoned',
] as const;

export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** A typed "no" to one event. `detail` says what was wrong and where (never the user's text), `remedy` what would satisfy it. */
export interface DeadLetter {
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly remedy: string;
  /** As far as they could be read from the bytes. */
  readonly eventId?: string;
  readonly eventType?: string;
  readonly session?: string;
}
