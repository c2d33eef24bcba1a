import { FastifyAdapter } from '@nestjs/platform-fastify';
import { BodyBudget } from './body-budget.ts';
import { refuseForeign } from './local-requests.ts';

/** Bodies of the largest size whose bytes may be held at once, smaller ones accordingly more. */
const BODIES_UNDER_WAY = 4;

/**
 * Fastify with every body handed on as the bytes that came: the collector keeps them, the other routes parse them once by
 * their contract (`ZodPipe`). Use with `bodyParser: false`, or Nest puts its own parsers in front.
 *
 * Requests in flight are finished when it closes; who closes it sets them a limit (see `closeWithin`). Only this machine is answered.
 *
 * @param maxBodyBytes larger bodies are answered 413 before they are read whole
 */
export function httpAdapter(maxBodyBytes: number): FastifyAdapter {
  const adapter = new FastifyAdapter({ bodyLimit: maxBodyBytes, forceCloseConnections: 'idle' });
  const fastify = adapter.getInstance();
  const budget = new BodyBudget(BODIES_UNDER_WAY * maxBodyBytes);
  fastify.addHook('onRequest', (request, reply, done) => {
    refuseForeign(request);
    reply.raw.once('close', budget.take(request.headers['content-length']));
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  return adapter;
}
