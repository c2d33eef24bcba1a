import type { FiledEvent } from '@heed/sessions';
import type { Cell } from './encode-rows.ts';

export const FILED_COLUMNS = [
  'tenant',
  'session',
  'position',
  'event_id',
  'received_at_ms',
  'body',
  'sealed_by',
  'apart',
  'event_name',
  'rewritten',
];

/** `rewritten`: how often the event's row was written anew. */
export function filedCells(event: FiledEvent, rewritten: number): readonly Cell[] {
  return [
    event.tenant,
    event.session,
    event.position,
    event.eventId,
    event.receivedAtMs,
    event.body,
    event.sealedBy ?? '',
    Number(event.apart === true),
    event.eventName ?? '',
    rewritten,
  ];
}
