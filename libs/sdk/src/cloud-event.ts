import type { EventDataByType, EventType } from './event-data.ts';

/** What the application says: the kind of event, the session, and its data. `id` and `time` are filled in when left out. */
export type HeedEvent = {
  readonly [Type in EventType]: {
    readonly type: Type;
    readonly session: string;
    readonly data: EventDataByType[Type];
    /** Idempotency key within the tenant: give your own when the same thing may be told twice. */
    readonly id?: string;
    /** RFC 3339 with a zone. */
    readonly time?: string;
  };
}[EventType];

/** CloudEvents 1.0, structured JSON. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: EventType;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: EventDataByType[EventType];
}

/** The event as it travels. `id` and `time` stand in for those the application left out. */
export function cloudEvent(
  event: HeedEvent,
  defaults: { readonly id: string; readonly time: string; readonly source: string },
): CloudEvent {
  const { type, session, data, id = defaults.id, time = defaults.time } = event;
  return {
    specversion: '1.0',
    id,
    source: defaults.source,
    type,
    subject: session,
    time,
    datacontenttype: 'application/json',
    data,
  };
}
