import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { HttpInterfaceError } from './clickhouse-error.ts';

/** What a request asks for. */
export interface Asked {
  /** In the URL; ClickHouse takes it and the body as one text. */
  readonly query: string;
  readonly body: Buffer;
  readonly database: string | undefined;
  readonly format: string;
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly readOnly: boolean;
}

/** ClickHouse's own limits, as they are by default. */
const MAX_URI_BYTES = 1024 * 1024;
const MAX_FIELD_BYTES = 128 * 1024;

/** Parameters of the interface itself; every other one is a setting, or a query parameter when it begins with `param_`. */
const OF_THE_INTERFACE = [
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'role',
  'wait_end_of_query',
  'buffer_size',
  'compress',
  'decompress',
  // A setting, for which the engine in this process has no use: it knows a statement by its connection.
  'replace_running_query',
  'replace_running_query_max_wait_ms',
];

const DECODE: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  zstd: promisify(zstdDecompress),
  identity: (bytes) => Promise.resolve(bytes),
};

export async function readRequest(request: IncomingMessage, params: URLSearchParams): Promise<Asked> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const decode = DECODE[encoding];
  if (decode === undefined)
    throw new HttpInterfaceError(48, `Unknown compression method: ${encoding}`, 'NOT_IMPLEMENTED');
  const body = await decode(await buffer(request));
  refuseTooLong(request.url ?? '', params);
  return {
    query: params.get('query') ?? '',
    body,
    database: headerOr(request, 'x-clickhouse-database', params.get('database')),
    format: headerOr(request, 'x-clickhouse-format', params.get('default_format')) ?? 'TabSeparated',
    settings: [...params].filter(([name]) => !OF_THE_INTERFACE.includes(name)),
    readOnly: request.method === 'GET',
  };
}

function refuseTooLong(uri: string, params: URLSearchParams): void {
  if (uri.length > MAX_URI_BYTES) throw new HttpInterfaceError(1000, 'URI Too Long', 'POCO_EXCEPTION');
  for (const value of params.values()) {
    if (Buffer.byteLength(value) > MAX_FIELD_BYTES)
      throw new HttpInterfaceError(1000, 'HTML Form Exception: Field value too long', 'POCO_EXCEPTION');
  }
}

function headerOr(request: IncomingMessage, header: string, param: string | null): string | undefined {
  const value = request.headers[header];
  return typeof value === 'string' ? value : (param ?? undefined);
}
