import type { EventData, EventName, EventOf, HeedEvent } from '@heed/events';
import { eventId, sessionId } from '@heed/kernel';
import type { DerivedSession } from './derived-session.ts';
import { deriveSession } from './derive-session.ts';
import type { SessionEvent } from './session-event.ts';
import { ruleModels } from './session-models.ts';

/** 2026-03-01T09:00:00Z */
export const NINE = Date.UTC(2026, 2, 1, 9);
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

export function event<Name extends EventName>(
  name: Name,
  id: string,
  timeMs: number,
  data: EventData[Name],
): EventOf<Name> {
  return { name, id: eventId(id), session: sessionId('s-1'), source: '/test', timeMs, data };
}

/** A turn `t<index>` by `u-1`, twenty seconds after the one before. */
export function turn(index: number, text: string, more: Partial<EventData['turn']> = {}): EventOf<'turn'> {
  const data = { turn: `t${String(index)}`, user: 'u-1', request: { text }, ...more };
  return event('turn', `e-turn-${String(index).padStart(5, '0')}`, NINE + index * 20 * SECOND, data);
}

/** The events as the log would hold them, in the order given. */
export function logged(events: readonly HeedEvent[]): readonly SessionEvent[] {
  return events.map((one, position) => ({ event: one, position }));
}

export function derive(...events: readonly HeedEvent[]): DerivedSession {
  return deriveSession(logged(events), ruleModels);
}

export function deriveRequests(...requests: readonly string[]): DerivedSession {
  return derive(...requests.map((text, index) => turn(index, text)));
}
