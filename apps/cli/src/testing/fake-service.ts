import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { importProgress, TENANT_HEADER, type IngestResult } from '@heed/contract';
import { z } from 'zod';

export type Trouble = 'busy' | 'drop-before' | 'drop-after' | 'failing' | 'too-large';

/** As much of a service over real HTTP as an import needs: it keeps events by id, and progress by fingerprint. */
export interface FakeService {
  readonly url: URL;
  readonly events: ReadonlyMap<string, string>;
  readonly deadLetters: readonly unknown[];
  readonly progress: ReadonlyMap<string, number>;
  /** Tenants that were named by requests. */
  readonly tenants: ReadonlySet<string>;
  /** Requests with events, those in trouble too. */
  posts(): number;
  stop(): Promise<void>;
}

export interface RouteReply {
  readonly type?: string;
  readonly body: string;
  readonly status?: number;
  /** The connection is lost behind the body, before the reply has ended. */
  readonly breaksOff?: boolean;
}

export interface FakeServiceOptions {
  /** What it holds already. */
  readonly events?: ReadonlyMap<string, string>;
  readonly progress?: ReadonlyMap<string, number>;
  /** What happens to the n-th request with events, from 1. */
  readonly trouble?: (post: number, eventCount: number, body: string) => Trouble | undefined;
  /** Answers for other routes, by `METHOD /path`, with or without the query behind it. */
  readonly routes?: Readonly<Record<string, (body: string, query: URLSearchParams) => RouteReply>>;
}

const identified = z.object({ id: z.string() });

export async function fakeService(options: FakeServiceOptions = {}): Promise<FakeService> {
  const { trouble, routes = {} } = options;
  const events = new Map(options.events);
  const deadLetters: unknown[] = [];
  const progress = new Map(options.progress);
  const tenants = new Set<string>();
  let posts = 0;

  const ingest = (sent: readonly unknown[]): IngestResult[] =>
    sent.map((event) => {
      const known = identified.safeParse(event);
      if (!known.success) {
        deadLetters.push(event);
        return { id: null, status: 'dead-lettered', reason: 'schema-violation' };
      }
      const { id } = known.data;
      if (events.has(id)) return { id, status: 'duplicate' };
      events.set(id, JSON.stringify(event));
      return { id, status: 'accepted' };
    });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const { method = '', url = '' } = request;
    const [path = '', query = ''] = url.split('?');
    tenants.add(String(request.headers[TENANT_HEADER]));
    const own = routes[`${method} ${url}`] ?? routes[`${method} ${path}`];
    if (own !== undefined) {
      const reply = own(body, new URLSearchParams(query));
      response.writeHead(reply.status ?? 200, { 'content-type': reply.type ?? 'application/json' });
      if (reply.breaksOff === true) response.write(reply.body, () => request.socket.destroy());
      else response.end(reply.body);
      return;
    }
    if (path === '/v1/events') {
      const sent = z.array(z.unknown()).parse(JSON.parse(body));
      const what = trouble?.(++posts, sent.length, body);
      if (what === 'drop-before') request.socket.destroy();
      else if (what === 'busy') sendProblem(response, 429, { 'retry-after': '0.01' });
      else if (what === 'failing') sendProblem(response, 503, {});
      else if (what === 'too-large') sendProblem(response, 413, {});
      else {
        const results = ingest(sent);
        if (what === 'drop-after') request.socket.destroy();
        else sendJson(response, 202, { results });
      }
      return;
    }
    if (path === '/v1/lag') sendJson(response, 200, { entries: 0, ahead: 0, log: null });
    else if (path.startsWith('/v1/imports/')) {
      const fingerprint = path.slice('/v1/imports/'.length);
      if (method === 'PUT') progress.set(fingerprint, importProgress.parse(JSON.parse(body)).records);
      sendJson(response, 200, { fingerprint, records: progress.get(fingerprint) ?? 0 });
    } else sendProblem(response, 404, {});
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('listening on a port');
  return {
    url: new URL(`http://127.0.0.1:${address.port}`),
    events,
    deadLetters,
    progress,
    tenants,
    posts: () => posts,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/problem+json' });
  response.end(
    JSON.stringify({
      type: `urn:heed:problem:fake-${status}`,
      status,
      code: `fake-${status}`,
      title: 'Fake',
      detail: 'told to be in trouble',
      remedy: 'none',
    }),
  );
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
