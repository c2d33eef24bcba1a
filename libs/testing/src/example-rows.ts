import { eventId, sessionId, type TenantId } from '@heed/kernel';
import type { DeadLetterRow, FiledEvent } from '@heed/sessions';

/** An event filed at a position, with a body of so many characters. */
export function exampleFiledEvent(
  tenant: TenantId,
  session: string,
  position: number,
  size: number,
): FiledEvent {
  return {
    tenant,
    session: sessionId(session),
    eventId: eventId(`e-${position}`),
    position,
    receivedAtMs: 1,
    body: 'x'.repeat(size),
  };
}

/** A dead letter that was no JSON. */
export function exampleDeadLetter(tenant: TenantId, body: string): DeadLetterRow {
  return {
    tenant,
    key: 'k',
    reason: 'unreadable',
    detail: 'it is no JSON',
    remedy: 'send JSON',
    eventId: '',
    eventType: '',
    session: '',
    receivedAtMs: 1,
    position: 1,
    body,
  };
}
