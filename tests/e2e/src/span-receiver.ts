import { otlpCodec } from '@heed/otlp';
import type { Span } from '@heed/telemetry';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';

export interface SpanReceiver {
  readonly url: string;
  /** Every span that has come so far. */
  readonly spans: readonly Span[];
  close(): Promise<void>;
}

/** An OTLP/HTTP endpoint that keeps what it is sent; a silent one takes it and never answers. */
export async function startSpanReceiver({ silent = false } = {}): Promise<SpanReceiver> {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      if (request.url === '/v1/traces') spans.push(...otlpCodec.decode(body, 'protobuf').spans);
      if (!silent) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
