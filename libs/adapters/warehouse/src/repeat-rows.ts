import type { SessionChanges } from '@heed/sessions';
import type { Cell } from './encode-rows.ts';

export const REPEAT_COLUMNS = ['tenant', 'kind', 'scope', 'key', 'position'];

/** Where the log has what it may have more than once: of dead letters and notes every place, of events those that were found to repeat. */
export function repeatRows({
  deadLetters,
  redrives = [],
  repeated = [],
}: Pick<SessionChanges, 'deadLetters' | 'redrives' | 'repeated'>): readonly (readonly Cell[])[] {
  return [
    ...deadLetters.map(({ tenant, key, position }) => [tenant, 'dead-letter', '', key, position]),
    ...redrives.map(({ tenant, letter, eventId, position }) => [tenant, 'note', letter, eventId, position]),
    ...repeated.map(({ tenant, session, eventId, position }) => [
      tenant,
      'event',
      session,
      eventId,
      position,
    ]),
  ];
}
