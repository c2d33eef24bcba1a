import { once } from 'node:events';
import { createServer } from 'node:net';
import { z } from 'zod';

const bound = z.object({ port: z.number() });

/** A TCP port on 127.0.0.1 that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = bound.parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}
