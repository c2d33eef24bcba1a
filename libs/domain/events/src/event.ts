import type { EventId, SessionId } from '@heed/kernel';
import type { EventData, EventName } from './catalogue.ts';

/**
 * One event as the rest of Heed sees it: parsed, at the newest version of its type, in camelCase. `name` is the type without
 * its `heed.` prefix and version, and tells which shape `data` has.
 */
export type HeedEvent = { readonly [Name in EventName]: EventOf<Name> }[EventName];

export interface EventOf<Name extends EventName> {
  readonly name: Name;
  readonly id: EventId;
  readonly session: SessionId;
  readonly source: string;
  /** Milliseconds since 1970-01-01T00:00:00Z, from the event's own `time`. */
  readonly timeMs: number;
  readonly data: EventData[Name];
}
