const DAY_MS = 86_400_000;

/** What an event may be at most. Judged when it is received, and judged the same way on replay. */
export interface EventLimits {
  /** UTF-8 bytes of one event. */
  readonly eventBytes: number;
  /** UTF-8 bytes of any one text inside `data`. */
  readonly textBytes: number;
  /** UTF-8 bytes of `id` and `subject`; they are keys of every store, whose indexes do not take longer ones. */
  readonly idBytes: number;
  /** Lists and objects inside one another. */
  readonly nesting: number;
  /** An event's time may not be before this, milliseconds since 1970. */
  readonly earliestMs: number;
  /** An event's time may be this much after the moment it was received. */
  readonly aheadMs: number;
}

export const DEFAULT_EVENT_LIMITS: EventLimits = {
  eventBytes: 1_048_576,
  textBytes: 65_536,
  idBytes: 512,
  nesting: 64,
  earliestMs: Date.UTC(1990, 0, 1),
  aheadMs: DAY_MS,
};

/** What the edge accepted was within its limits then. Whatever they are now, it is read: a replay must give what it gave. */
export const NO_LIMITS: EventLimits = {
  eventBytes: Infinity,
  textBytes: Infinity,
  idBytes: Infinity,
  nesting: Infinity,
  earliestMs: -Infinity,
  aheadMs: Infinity,
};
