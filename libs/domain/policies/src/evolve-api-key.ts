import { Fault } from '@heed/kernel';
import type { ApiKeyEvent, ApiKeyState } from './api-key.ts';

export const initialApiKey: ApiKeyState = { status: 'none' };

/**
 * What a key is after one more event.
 *
 * @throws Fault `api-key-history-broken` when an event stands in a stream that no 'api-key-created' opened, or that a second one
 * would begin anew.
 */
export function evolveApiKey(state: ApiKeyState, event: ApiKeyEvent): ApiKeyState {
  const { atMs, who, why } = event;
  switch (event.kind) {
    case 'api-key-created':
      if (state.status !== 'none') throw broken(`has a second '${event.kind}' while it is ${state.status}`);
      return { ...event.key, status: 'active', created: { atMs, who, why }, revoked: null };
    case 'api-key-revoked':
      if (state.status === 'none') throw broken(`begins with '${event.kind}' instead of 'api-key-created'`);
      return { ...state, status: 'revoked', revoked: { atMs, who, why } };
  }
}

function broken(how: string): Fault {
  return new Fault(
    'api-key-history-broken',
    `The history of a key ${how}.`,
    'The event store was changed outside Heed: restore it from a backup.',
  );
}
