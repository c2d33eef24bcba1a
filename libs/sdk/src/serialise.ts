import { err, ok, type Result } from '@heed/kernel';
import type { CloudEvent } from './cloud-event.ts';
import type { OutboxEntry } from './outbox-storage.ts';
import type { HeedProblem } from './problem.ts';

/** The event as it waits and travels. What JSON cannot say (a cycle, a BigInt) is the caller's to mend, and told at once. */
export function serialise(event: CloudEvent): Result<OutboxEntry, HeedProblem> {
  try {
    const body = JSON.stringify(event);
    return ok({ id: event.id, body, bytes: new TextEncoder().encode(body).length });
  } catch (cause) {
    const message = `Event ${event.id} cannot be written as JSON and is not sent. Give plain values: no cycles, no BigInt.`;
    return err({ code: 'event-unserialisable', message, cause });
  }
}
