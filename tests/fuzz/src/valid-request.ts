import type { SeededRandom } from '@heed/kernel';
import type { ApiRoute } from './api-routes.ts';
import type { FuzzRequest } from './fuzz-request.ts';
import { validEvent } from './valid-events.ts';
import { valueOf } from './value-of.ts';

/** Those whose events are counted, and one that requests remove again and again. */
export const KEPT_TENANTS = ['default', 'kept-1', 'kept-2'] as const;
const REMOVED_TENANT = 'gone';

/** Each of these reads or rebuilds everything that the run has stored so far: their share of all requests. */
const HEAVY: Readonly<Record<string, number>> = {
  '/v1/replay': 0.0001,
  '/v1/mine': 0.0005,
  '/v1/erasures': 0.0002,
  '/v1/status': 0.0005,
  '/v1/doctor': 0.0005,
  '/v1/tenants/{tenant}': 0.0005,
  '/v1/dead-letters': 0.0005,
  '/v1/dead-letters/{id}': 0.0005,
  '/v1/dead-letters/{id}/redrive': 0.0005,
};
const EVENTS = '/v1/events';

/** A request that the service takes: more than half bring events, the others go to every route of the document. */
export function validRequest(routes: readonly ApiRoute[], index: number, random: SeededRandom): FuzzRequest {
  const [heavy] = Object.entries(HEAVY).find(([, share]) => random.chance(share)) ?? [];
  const others = routes.filter(({ path }) => path !== EVENTS && !(path in HEAVY));
  const path = heavy ?? (random.chance(0.6) ? EVENTS : undefined);
  if (path === EVENTS) return eventRequest(index, random);
  const named = routes.filter((route) => route.path === path);
  return requestOf(random.pick(named.length === 0 ? others : named), random);
}

function eventRequest(index: number, random: SeededRandom): FuzzRequest {
  const count = random.pick([1, 1, 2, 3, 8]);
  const events = Array.from({ length: count }, (_, n) => validEvent(`e-${index}-${n}`, random));
  const isList = count > 1 || random.chance(0.3);
  const type = isList
    ? random.pick(['application/cloudevents-batch+json', 'application/json', 'text/plain'])
    : random.pick(['application/cloudevents+json', 'application/json']);
  return {
    method: 'POST',
    path: EVENTS,
    headers: [
      ['content-type', type],
      ['heed-tenant', random.pick([...KEPT_TENANTS, REMOVED_TENANT])],
    ],
    body: Buffer.from(JSON.stringify(isList ? events : events[0])),
    chunked: random.chance(0.2),
    untouched: events.map(({ id }) => String(id)),
  };
}

function requestOf({ method, path, parameters, body }: ApiRoute, random: SeededRandom): FuzzRequest {
  const value = (name: string): string => {
    const { schema = {} } = parameters.find((parameter) => parameter.name === name) ?? {};
    if (name === 'fingerprint') return random.pick(['0123456789abcdef', 'f'.repeat(64), 'a'.repeat(128)]);
    if (name === 'tenant') return REMOVED_TENANT;
    return name === 'id' ? `fix-${random.below(10)}` : String(valueOf(schema, random));
  };
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && random.chance(0.5))
    .map(({ name }) => `${name}=${encodeURIComponent(value(name))}`);
  return {
    method,
    path:
      path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => encodeURIComponent(value(name))) +
      (query.length === 0 ? '' : `?${query.join('&')}`),
    headers: [
      ['heed-tenant', random.pick([...KEPT_TENANTS, REMOVED_TENANT])],
      ...(body === undefined ? [] : [['content-type', 'application/json'] as const]),
    ],
    body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(valueOf(body, random))),
    chunked: body !== undefined && random.chance(0.2),
    untouched: [],
  };
}
