import type { EventData, EventName, EventType } from './catalogue.ts';

/** One event as it travels: CloudEvents 1.0 in its JSON form, fields as in the specification. */
export interface CloudEvent<Name extends EventName = EventName> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: EventType<Name>;
  /** The session. */
  readonly subject: string;
  /** RFC 3339 with a zone. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: EventData[Name];
}

export interface CloudEventParts<Name extends EventName> {
  readonly type: EventType<Name>;
  readonly id: string;
  readonly session: string;
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly data: EventData[Name];
}

/**
 * @example
 * cloudEventOf({ type: 'heed.turn.v1', id: 'e-1', session: 's-1', source: '/search', timeMs: 1772355600000,
 *   data: { turn: 't-1', request: { text: 'play maj and dragons' } } })
 */
export function cloudEventOf<Name extends EventName>(parts: CloudEventParts<Name>): CloudEvent<Name> {
  return {
    specversion: '1.0',
    id: parts.id,
    source: parts.source,
    type: parts.type,
    subject: parts.session,
    time: new Date(parts.timeMs).toISOString(),
    datacontenttype: 'application/json',
    data: parts.data,
  };
}
