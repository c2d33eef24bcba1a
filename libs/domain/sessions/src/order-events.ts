import type { SessionEvent } from './session-event.ts';

/**
 * The events each once, in time order, ties by id (by code unit). An event that came more than once keeps its first place in
 * the log. So neither the order of arrival nor repetition can reach what is derived. O(n log n), O(n) when already in order.
 */
export function orderEvents(events: readonly SessionEvent[]): readonly SessionEvent[] {
  const distinct = isOrdered(events) ? events : [...firstOfEach(events)].sort(compareEvents);
  return distinct;
}

/** Strictly ascending; with distinct neighbours under a total order nothing can be there twice. */
function isOrdered(events: readonly SessionEvent[]): boolean {
  return events.every((event, i) => {
    const before = events[i - 1];
    return before === undefined || compareEvents(before, event) < 0;
  });
}

function firstOfEach(events: readonly SessionEvent[]): Iterable<SessionEvent> {
  const byId = new Map<string, SessionEvent>();
  for (const candidate of events) {
    const known = byId.get(candidate.event.id);
    if (known === undefined || candidate.position < known.position) byId.set(candidate.event.id, candidate);
  }
  return byId.values();
}

function compareEvents({ event: a }: SessionEvent, { event: b }: SessionEvent): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
