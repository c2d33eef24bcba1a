import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Metrics } from './metrics.ts';

/** Times every request by the route that answered it, never by the path that was asked for: that is the sender's own text. */
export function measureRequests(adapter: FastifyAdapter, metrics: Metrics): void {
  adapter.getInstance().addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}
