import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { allowOrigin, answerPreflight } from './cross-origin.ts';
import { rememberCaller } from './caller.ts';
import { identify, type Admission } from './identify.ts';
import type { KeyRing } from './key-ring.ts';
import type { Role } from './role.ts';
import { TokenBuckets } from './token-bucket.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Set by `guardEdge`: while it says no, `refuseForeign` keeps everybody out who is not on this machine. */
    needsKey?: () => boolean;
  }
}

export interface EdgeOptions {
  readonly ring: KeyRing;
  readonly clock: Clock;
  /** Also while no key exists: for an address that others reach. */
  readonly alwaysNeedsKey: boolean;
  /** For a key that has no rate of its own. */
  readonly requestsPerSecond: number;
}

/** The API's own description, which knows nothing of anybody's data. */
const DOCS = /^\/docs(?:$|\/|-json$|-yaml$)/;

/**
 * Asks every request for its key, before a byte of its body is read. To be called before the first route is added: routes that a
 * browser key may use get their preflight from here.
 */
export function guardEdge(
  adapter: FastifyAdapter,
  { ring, clock, alwaysNeedsKey, requestsPerSecond }: EdgeOptions,
): void {
  const fastify = adapter.getInstance<FastifyInstance>();
  const needsKey = (): boolean => alwaysNeedsKey || ring.hasKeys;
  const admission: Admission = { ring, needsKey, buckets: new TokenBuckets(), requestsPerSecond };
  // Without a key, only pages of this machine come as far as here.
  const mayRead = (origin: string): boolean => !needsKey() || ring.knowsOrigin(origin);
  fastify.decorate('needsKey', needsKey);
  fastify.addHook('onRoute', ({ url, method, config }) => {
    if (config?.leastRole === 'browser') addPreflight(fastify, url, String(method));
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const least = leastRoleOf(request);
    if (request.routeOptions.config.leastRole === 'browser') tellOrigin(request, reply, mayRead);
    if (least !== 'nobody') {
      const caller = identify(request, least, admission, clock.nowMs(), (seconds) => {
        reply.header('retry-after', String(Math.ceil(seconds)));
      });
      rememberCaller(request, caller);
    }
    done();
  });

  function addPreflight(to: FastifyInstance, url: string, method: string): void {
    to.options(url, { config: { leastRole: 'nobody' } }, (request, reply) => {
      tellOrigin(request, reply, mayRead);
      answerPreflight(reply, method, request.headers['access-control-request-headers']);
    });
  }
}

function tellOrigin(
  { headers: { origin } }: FastifyRequest,
  reply: FastifyReply,
  mayRead: (origin: string) => boolean,
): void {
  reply.header('vary', 'origin');
  if (origin !== undefined && mayRead(origin)) allowOrigin(reply, origin);
}

/** What no route says of itself is for operators alone; that there is no such path, any key is told. */
function leastRoleOf({ is404, routeOptions: { url, config } }: FastifyRequest): Role {
  if (is404) return 'browser';
  return config.leastRole ?? (url !== undefined && DOCS.test(url) ? 'nobody' : 'operator');
}
