import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import { Session, version as chdbVersion } from 'chdb';
import { HttpInterfaceError, refusalOf } from './clickhouse-error.ts';
import { writeEngineConfig } from './engine-config.ts';
import { readRequest } from './read-request.ts';
import { runOnChdb, type Ran } from './run-on-chdb.ts';

/** What came in, for tests that look at how they were spoken to. */
export interface FrontRequest {
  readonly params: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

export interface ClickHouseFront {
  readonly url: string;
  readonly requests: readonly FrontRequest[];
  /** The engine goes on; what is asked over the front finds nobody. */
  stopListening(): Promise<void>;
  /** At the address it had. */
  listenAgain(): Promise<void>;
  close(): Promise<void>;
}

export interface FrontOptions {
  /** Who may come in; without it, ClickHouse's own `default` without a password. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Where its data stays when it ends; without it the data goes with it. */
  readonly folder?: string;
  /** A free one when absent. */
  readonly port?: number;
  /** Asked before each insert: whether it is refused, as a server does whose tables have too many parts. */
  readonly refusesInserts?: () => boolean;
  /** Awaited before each statement that changes something. Whoever has gone away meanwhile is taken to have never sent it. */
  readonly beforeChange?: (statement: string) => Promise<void>;
}

const CLUSTER = 'heed';
const INSERT = /^\s*INSERT\s/u;
const CHANGE = /^\s*(?:INSERT|ALTER|CREATE|DROP|EXCHANGE|RENAME|DELETE)\s/u;
const VERSION = chdbVersion().libchdb.replaceAll('"', '');

const ENCODE: Readonly<Record<string, (bytes: Uint8Array) => Promise<Buffer>>> = {
  gzip: promisify(gzip),
  zstd: promisify(zstdCompress),
};

/**
 * A server that speaks ClickHouse's HTTP interface over chDB, ClickHouse's own engine in this process: for tests of what
 * speaks to a server, where none can be run. Every statement runs in the real engine, on a connection of its own as every HTTP
 * request is a session of its own, so settings, parameters, results and refusals are the engine's. It has a cluster `heed` of one
 * shard, and a storage policy `no_room`. Not spoken: progress headers, sessions, external tables, cancelling. One at a time in a process.
 */
export async function openClickHouseFront({
  user,
  folder: kept,
  port: wanted = 0,
  refusesInserts = () => false,
  beforeChange = () => Promise.resolve(),
}: FrontOptions = {}): Promise<ClickHouseFront> {
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'heed-clickhouse-front-'));
  const connectionArgs = ['--async_load_databases=0', `--config-file=${writeEngineConfig(folder, CLUSTER)}`];
  const connect = (): Session => new Session(join(folder, 'data'), { connectionArgs });
  // The engine is there as long as a connection is.
  const anchor = connect();
  const requests: FrontRequest[] = [];
  const known = user ?? { name: 'default', password: '' };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams: params } = new URL(request.url ?? '/', 'http://front');
    if (pathname === '/ping') {
      response.end('Ok.\n');
      return;
    }
    if (pathname !== '/') {
      response.writeHead(404).end(`There is no handle ${pathname}\n`);
      return;
    }
    requests.push({ params, headers: request.headers });
    response.setHeader('X-ClickHouse-Server-Display-Name', 'heed-front');
    try {
      const asked = await readRequest(request, params);
      refuseStranger(request, params, known);
      if (INSERT.test(asked.query) && refusesInserts()) {
        throw new HttpInterfaceError(
          252,
          'Too many parts. Merges are slower than inserts.',
          'TOO_MANY_PARTS',
        );
      }
      const statement = asked.query || asked.body.toString('utf8');
      if (CHANGE.test(statement)) await beforeChange(statement);
      if (request.socket.destroyed) return;
      response.setHeader('X-ClickHouse-Query-Id', params.get('query_id') ?? 'unnamed');
      response.setHeader('X-ClickHouse-Format', asked.format);
      const session = connect();
      try {
        await send(response, request, params, await runOnChdb(session, asked));
      } finally {
        session.close();
      }
    } catch (thrown) {
      const { code, status, text } = refusalOf(thrown, VERSION);
      response.writeHead(status, { 'X-ClickHouse-Exception-Code': code, 'Content-Type': 'text/plain' });
      response.end(text);
    }
  };

  const server = createServer({ maxHeaderSize: 2 * 1024 * 1024 }, (request, response) => {
    void answer(request, response);
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  };
  const stopListening = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const port = await listen(wanted);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stopListening,
    listenAgain: async () => {
      await listen(port);
    },
    close: async () => {
      await stopListening();
      anchor.close();
      if (kept === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function send(
  response: ServerResponse,
  request: IncomingMessage,
  params: URLSearchParams,
  { result, summary }: Ran,
): Promise<void> {
  response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary));
  const wanted =
    params.get('enable_http_compression') === '1' ? request.headers['accept-encoding'] : undefined;
  const encode = typeof wanted === 'string' ? ENCODE[wanted] : undefined;
  if (encode === undefined || wanted === undefined) {
    response.end(result);
    return;
  }
  const encoded = await encode(result);
  response.setHeader('Content-Encoding', wanted);
  response.end(encoded);
}

/** By the header of basic authentication, ClickHouse's own headers, or the URL. */
function refuseStranger(
  { headers }: IncomingMessage,
  params: URLSearchParams,
  known: { readonly name: string; readonly password: string },
): void {
  const basic = /^Basic (?<pair>.+)$/u.exec(headers.authorization ?? '')?.groups?.['pair'];
  const given =
    basic === undefined
      ? `${text(headers['x-clickhouse-user'] ?? params.get('user')) || 'default'}:${text(headers['x-clickhouse-key'] ?? params.get('password'))}`
      : Buffer.from(basic, 'base64').toString('utf8');
  if (given === `${known.name}:${known.password}`) return;
  throw new HttpInterfaceError(
    516,
    `${given.split(':', 1).join('')}: Authentication failed: password is incorrect, or there is no user with such name.`,
    'AUTHENTICATION_FAILED',
  );
}

function text(value: string | readonly string[] | null | undefined): string {
  return typeof value === 'string' ? value : '';
}
