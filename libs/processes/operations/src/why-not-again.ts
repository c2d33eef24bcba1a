import type { IngestResult } from '@heed/contract';
import type { DeadLetterReason } from '@heed/events';
import { ERASED_LETTER, type SizedDeadLetter } from '@heed/sessions';

/** Sent as they were, these come out as they did, whoever sends them and whenever. What does help: */
const WHAT_HELPS: Partial<Record<DeadLetterReason, string>> = {
  'unknown-turn':
    'send the turn that it names: the event is in the log and takes its place by itself. If it names the wrong turn, send a corrected event ' +
    'under an id of its own (--event)',
  'conflicting-duplicate': 'send it under an id of its own (--event)',
  poisoned:
    'the event is in the log. After an update of Heed run `heed replay`, which reads everything again; until then a corrected event ' +
    'under an id of its own can stand in for it (--event)',
};

/** The fate of a dead letter that would be sent again as it was, where that is known beforehand. Nothing is sent then. */
export function whyNotAgain({ reason, detail, eventId }: SizedDeadLetter): IngestResult | undefined {
  if (detail === ERASED_LETTER.detail) return { id: null, status: 'dead-lettered', reason, ...ERASED_LETTER };
  const remedy = WHAT_HELPS[reason];
  if (remedy === undefined) return undefined;
  return { id: eventId === '' ? null : eventId, status: 'dead-lettered', reason, detail, remedy };
}
