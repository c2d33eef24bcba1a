import { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * Fastify with every body handed on as the bytes that came: the collector keeps them, the other routes parse them once by
 * their contract (`ZodPipe`). Use with `bodyParser: false`, or Nest puts its own parsers in front.
 *
 * @param maxBodyBytes larger bodies are answered 413 before they are read whole
 */
export function httpAdapter(maxBodyBytes: number): FastifyAdapter {
  const adapter = new FastifyAdapter({ bodyLimit: maxBodyBytes, forceCloseConnections: true });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  return adapter;
}
