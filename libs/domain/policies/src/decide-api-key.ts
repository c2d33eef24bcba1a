import { err, ok, type Result } from '@heed/kernel';
import type { ApiKeyCommand, ApiKeyEvent, ApiKeyRefusal, ApiKeyState, NewApiKey } from './api-key.ts';

/** An origin as a browser sends it: scheme, host and port in lower case, the scheme's own port left out. */
export const WEB_ORIGIN =
  /^(?!http:.*:80$)(?!https:.*:443$)https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?$/;

/**
 * What a command means for a key as it stands: the events to append (none when nothing changes), or why not. A key is created
 * once and revoked once; what it may do never changes in between, so that nobody need ask what it could do last week.
 *
 * @example decideApiKey({ kind: 'revoke', atMs, who: 'ada', why: 'it leaked' }, state)
 */
export function decideApiKey(
  command: ApiKeyCommand,
  state: ApiKeyState,
): Result<readonly ApiKeyEvent[], ApiKeyRefusal> {
  const { atMs, who, why } = command;
  switch (command.kind) {
    case 'create': {
      const { key } = command;
      if (state.status !== 'none')
        return refuse('api-key-taken', `There is a key ${key.id} already; create it under another id.`);
      const lacking = whatIsWrongWith(key);
      if (lacking !== null) return refuse('api-key-not-allowed', lacking);
      return ok([{ kind: 'api-key-created', key, atMs, who, why }]);
    }
    case 'revoke':
      if (state.status === 'none')
        return refuse('api-key-unknown', 'There is no such key; list the keys and use an id from there.');
      return ok(state.status === 'revoked' ? [] : [{ kind: 'api-key-revoked', atMs, who, why }]);
  }
}

function whatIsWrongWith({ kind, tenant, origins, requestsPerSecond }: NewApiKey): string | null {
  if (tenant === null && kind !== 'admin')
    return `A key of kind ${kind} belongs to one tenant; only an admin key may reach all.`;
  if (kind !== 'browser' && origins.length > 0)
    return `Only a browser key is limited to origins, and this one is of kind ${kind}.`;
  if (kind === 'browser' && origins.length === 0)
    return 'Everybody who looks at the page can read a browser key, so it has to name the origins it works from.';
  const wrong = origins.find((origin) => !WEB_ORIGIN.test(origin));
  if (wrong !== undefined)
    return `'${wrong}' is no origin as browsers send it; write scheme, host and port alone, like https://app.example.`;
  if (requestsPerSecond !== null && !(Number.isInteger(requestsPerSecond) && requestsPerSecond > 0))
    return 'A rate is a whole number of requests a second, from 1.';
  return null;
}

function refuse(code: ApiKeyRefusal['code'], message: string): Result<never, ApiKeyRefusal> {
  return err({ code, message });
}
