import { parseEvent } from '@heed/events';
import { sessionId, type TenantId } from '@heed/kernel';
import { deriveSession, ruleModels, type FiledEvent, type SessionEvent } from '@heed/sessions';

export const NINE = Date.UTC(2026, 1, 1, 9);

/** An event as an application sends it, so long after nine. */
export interface Sent {
  readonly type: string;
  readonly id: string;
  readonly afterMs: number;
  readonly data: object;
}

/** The turn `t<n>`, in the n-th minute. */
export function turn(n: number, request: string, response: string | undefined, more: object = {}): Sent {
  return {
    type: 'heed.turn.v1',
    id: `turn-${String(n)}`,
    afterMs: n * 60_000,
    data: {
      turn: `t${String(n)}`,
      user: 'u-1',
      request: { text: request },
      ...(response && { response: { text: response } }),
      ...more,
    },
  };
}

/** Of the turn `t1`, unless the data say another. */
export function about(type: string, id: string, afterMs: number, data: object): Sent {
  return { type: `heed.${type}.v1`, id, afterMs, data: { turn: 't1', ...data } };
}

export interface SentEvent extends SessionEvent {
  readonly body: string;
}

/** Ids are those of the session. */
export function eventsOf(session: string, sent: readonly Sent[]): readonly SentEvent[] {
  return sent.map(({ id, afterMs, data, type }, position) => {
    const body = JSON.stringify({
      specversion: '1.0',
      id: `${session}-${id}`,
      source: '/shop',
      type,
      subject: session,
      time: new Date(NINE + afterMs).toISOString(),
      datacontenttype: 'application/json',
      data: 'retracts' in data ? { ...data, retracts: `${session}-${String(data.retracts)}` } : data,
    });
    const parsed = parseEvent(body, { receivedAtMs: NINE });
    if (!parsed.ok) throw new Error(parsed.error.detail);
    return { event: parsed.value, position, body };
  });
}

export function derived(tenant: TenantId, events: readonly SessionEvent[], version = 10) {
  return { tenant, version, session: deriveSession(events, ruleModels) };
}

export function filed(tenant: TenantId, { event, position, body }: SentEvent): FiledEvent {
  return {
    ...{ tenant, session: sessionId(event.session), eventId: event.id, position },
    ...{ receivedAtMs: NINE, body, eventName: event.name },
  };
}
