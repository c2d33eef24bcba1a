import { NO_TRACING, placeInTraceparent, type OpenSpan, type Tracing } from '@heed/telemetry';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/**
 * Every request as a span under its caller's (`traceparent`), by the route that answered it: never by the path that was asked for, which is
 * the sender's own text. To be called before hooks that may refuse a request.
 */
export function traceRequests(adapter: FastifyAdapter, tracing: Tracing): void {
  if (tracing === NO_TRACING) return;
  const fastify = adapter.getInstance();
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const span = begin(tracing, request);
    spans.set(request, span);
    tracing.within(span, done);
  });
  fastify.addHook('onResponse', (request, { statusCode, elapsedTime }, done) => {
    // What was refused before the hook above has no span yet.
    const span = spans.get(request) ?? begin(tracing, request, elapsedTime);
    span.note({ 'http.response.status_code': statusCode });
    if (statusCode >= 500) span.end(String(statusCode));
    else span.end();
    done();
  });
}

function begin(tracing: Tracing, { method, headers, routeOptions }: FastifyRequest, sinceMs = 0): OpenSpan {
  const { url: route } = routeOptions;
  return tracing.begin(route === undefined ? method : `${method} ${route}`, {
    kind: 'server',
    parent: placeInTraceparent(headers['traceparent']),
    facts: { 'http.request.method': method, ...(route !== undefined && { 'http.route': route }) },
    sinceMs,
  });
}
