import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';

export interface HttpRequest {
  readonly method: string;
  /** From the service's root, with its leading slash. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Requests to one service over connections that are kept and reused. No time limit: mining may think for minutes. */
export interface HttpTransport {
  /** Resolves as soon as the headers are in; rejects with Node's own error (`ECONNREFUSED`, `ECONNRESET`, ...). */
  send(request: HttpRequest): Promise<IncomingMessage>;
  close(): void;
}

/** Node's http module rather than fetch: no five-minute limit on silence, and a quarter less CPU for each request. */
export function httpTransport(base: URL): HttpTransport {
  const { Agent, request } = base.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  const root = base.pathname.replace(/\/$/, '');
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
        const options = { method, agent, headers: { ...headers, ...length } };
        const outgoing = request(new URL(root + path, base), options, resolve);
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** The whole body of a reply as text. */
export async function bodyOf(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
