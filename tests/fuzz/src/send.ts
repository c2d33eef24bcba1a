import { request as httpRequest, type Agent } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { FuzzRequest } from './fuzz-request.ts';

/** What came back; `status` is 0 when nothing did. */
export interface FuzzAnswer {
  readonly status: number;
  readonly type: string;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** What a client of Node would not send, or would send otherwise, goes onto the wire as it stands. */
const RAW_HEADERS = ['content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect', 'host'];
const PLAIN = /^[\t\x20-\x7e\x80-\xff]*$/u;

/** What it says of its own length is not so, or may not be: whoever reads it has to wait for the end of the line. */
function liesAboutLength({ headers }: FuzzRequest): boolean {
  return headers.some(
    ([name, value]) =>
      name === 'content-length' || name === 'transfer-encoding' || /[\r\n]/u.test(name + value),
  );
}

/** What the service under test, which takes 1 MiB, reads of a body that it has refused; then it hangs up. */
const READ_AT_MOST = 4 * 1024 * 1024;

/** Whoever hangs up in the middle of what they announced, or is hung up on because it has no end, may see no answer. */
export function isOwedAnswer(request: FuzzRequest): boolean {
  return !liesAboutLength(request) && request.body.length <= READ_AT_MOST;
}

function isRaw({ headers, path }: FuzzRequest): boolean {
  return (
    headers.some(([name, value]) => RAW_HEADERS.includes(name) || !PLAIN.test(value)) ||
    !/^[\x21-\x7e]+$/u.test(path)
  );
}

const NO_ANSWER: FuzzAnswer = { status: 0, type: '', retryAfter: undefined, text: '' };

export async function send(url: URL, request: FuzzRequest, agent: Agent): Promise<FuzzAnswer> {
  try {
    return await (isRaw(request) ? sendRaw(url, request) : sendByClient(url, request, agent));
  } catch (error) {
    if (isOwedAnswer(request)) throw error;
    return NO_ANSWER;
  }
}

function sendByClient(url: URL, fuzz: FuzzRequest, agent: Agent): Promise<FuzzAnswer> {
  const { method, path, body, chunked } = fuzz;
  const headers = [...fuzz.headers, ['host', url.host] as const].flat();
  if (!chunked && body.length > 0) headers.push('content-length', String(body.length));
  if (chunked && body.length > 0) headers.push('transfer-encoding', 'chunked');
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: url.hostname, port: url.port, method, path, headers, agent },
      (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        buffer(response).then((text) => {
          resolve({
            status,
            type: answered['content-type'] ?? '',
            retryAfter: answered['retry-after'],
            text: text.toString('utf8'),
          });
        }, reject);
      },
    );
    // The answer to a body that is refused may come while it is still sent.
    sent.on('error', reject);
    if (body.length > 0) sent.write(body);
    sent.end();
  });
}

async function sendRaw(url: URL, request: FuzzRequest): Promise<FuzzAnswer> {
  const { method, path, headers, body } = request;
  const named = (wanted: string): boolean => headers.some(([name]) => name === wanted);
  const lines = [`${method} ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  if (!named('host')) lines.push(`host: ${url.host}`);
  if (!liesAboutLength(request)) lines.push(`content-length: ${body.length}`);
  lines.push('connection: close');
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => undefined);
  socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]));
  // What the request announces and does not bring never comes: the end of the line says so.
  if (liesAboutLength(request)) socket.end();
  const bytes = await buffer(socket).catch(() => Buffer.alloc(0));
  return parseAnswer(bytes.toString('latin1').replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/u, ''));
}

/** The first answer of what came on the line, a character for each byte. */
function parseAnswer(answer: string): FuzzAnswer {
  const [head = '', content = ''] = splitOnce(answer, '\r\n\r\n');
  const header = (name: string): string | undefined =>
    new RegExp(`^${name}: (.*)$`, 'imu').exec(head)?.[1]?.trim();
  const body =
    header('transfer-encoding') === 'chunked'
      ? joinedChunks(content)
      : content.slice(0, Number(header('content-length') ?? content.length));
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /u.exec(head)?.[1] ?? 0),
    type: header('content-type') ?? '',
    retryAfter: header('retry-after'),
    text: Buffer.from(body, 'latin1').toString('utf8'),
  };
}

function joinedChunks(content: string): string {
  const [length = '', rest = ''] = splitOnce(content, '\r\n');
  const size = Number.parseInt(length, 16);
  return size > 0 ? rest.slice(0, size) + joinedChunks(rest.slice(size + 2)) : '';
}

function splitOnce(text: string, at: string): readonly string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + at.length)];
}
