import type { HeedEvent, LogPosition } from '@heed/events';

/** An event of one session, with the place in the log where it was first seen. */
export interface SessionEvent {
  readonly event: HeedEvent;
  readonly position: LogPosition;
  /** It stands in another part of the session than its turn: it is stored and has no effect. See `placeEvents`. */
  readonly apart?: true;
}
