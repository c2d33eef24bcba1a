import { cloudEventOf, type CloudEvent } from '@heed/events';

/** One request of one user, in a session of its own. */
export function turnEvent(id: string): CloudEvent {
  return cloudEventOf({
    type: 'heed.turn.v1',
    id,
    source: '/docker',
    session: `session-${id}`,
    timeMs: Date.UTC(2026, 10, 1, 9),
    data: { turn: 't1', user: 'somebody', request: { text: 'where is my order' } },
  });
}
