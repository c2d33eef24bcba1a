import 'reflect-metadata';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpAdapter } from './http-adapter.ts';
import { HTTP_LIMITS } from './http-limits.ts';
import { jsonLog, nestLogger } from './log.ts';
import { ProblemFilter } from './problem-filter.ts';

const log = jsonLog('silent', () => undefined);
const MAX_BODY = 1000;
const JSON_TYPE = { 'content-type': 'application/json' };

@Controller('v1/echo')
class Echo {
  @Post()
  echo(@Body() body: unknown): { text: string } {
    return { text: Buffer.isBuffer(body) ? body.toString('utf8') : '' };
  }

  @Get(':id')
  one(@Param('id') id: string): { id: string } {
    return { id };
  }
}

@Module({ controllers: [Echo] })
class EchoModule {}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

async function listening(limits = HTTP_LIMITS): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(EchoModule, httpAdapter(MAX_BODY, limits), {
    bodyParser: false,
    logger: nestLogger(log),
  });
  app.useGlobalFilters(new ProblemFilter(log));
  await app.listen(0, '127.0.0.1');
  return app;
}

/** `chunked` sends without Content-Length; a GET with a body, or one that is never ended, is written by hand below. */
async function ask(
  app: NestFastifyApplication,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Buffer = '',
  chunked = false,
): Promise<Answer> {
  const { port } = new URL(await app.getUrl());
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      json(response).then((answer) => {
        resolve({ status: response.statusCode, headers: response.headers, body: answer });
      }, reject);
    });
    sent.on('error', reject);
    if (chunked) sent.write('');
    if (chunked) sent.flushHeaders();
    sent.end(body);
  });
}

/** Everything that comes back on a connection that gets these bytes and no more. */
async function raw(app: NestFastifyApplication, bytes: string): Promise<string> {
  const { port } = new URL(await app.getUrl());
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

const problem = (status: number, code: string): unknown => ({
  type: `urn:heed:problem:${code}`,
  status,
  code,
  title: expect.stringMatching(/^[A-Z]/u) as unknown,
  detail: expect.stringMatching(/\w/u) as unknown,
  remedy: expect.stringMatching(/\w/u) as unknown,
});

describe('the HTTP adapter', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await listening();
  });
  afterAll(() => app.close());

  const post = (headers: Record<string, string>, body: string | Buffer, chunked = false): Promise<Answer> =>
    ask(app, 'POST', '/v1/echo', { ...JSON_TYPE, ...headers }, body, chunked);

  it.each([false, true])('hands on the bytes that came (chunked: %s)', async (chunked) => {
    expect(await post({}, '{ "a":1}', chunked)).toMatchObject({ status: 201, body: { text: '{ "a":1}' } });
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('unpacks %s, and stops a bomb at the bound', async (encoding, pack) => {
    const headers = { 'content-encoding': encoding };
    for (const chunked of [false, true]) {
      expect(await post(headers, pack('{ "a":1}'), chunked)).toMatchObject({
        status: 201,
        body: { text: '{ "a":1}' },
      });
    }
    expect(await post(headers, pack(Buffer.alloc(10_000_000)).subarray(0, MAX_BODY))).toMatchObject({
      status: 413,
      body: problem(413, 'body-too-large'),
    });
    expect(await post(headers, pack('{ "a":1}').subarray(0, -2))).toMatchObject({
      status: 400,
      body: problem(400, 'undecodable-body'),
    });
  });

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 403, 'foreign-origin'],
    ['a foreign name', { host: 'evil.example' }, 403, 'foreign-origin'],
    ['a plain text', { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
    ['no type at all', { 'content-type': '' }, 415, 'unsupported-media-type'],
    ['an unknown encoding', { 'content-encoding': 'br' }, 415, 'unsupported-content-encoding'],
    ['stacked encodings', { 'content-encoding': 'gzip, gzip' }, 415, 'unsupported-content-encoding'],
    ['an expectation', { expect: 'the-spanish-inquisition' }, 417, 'expectation-failed'],
  ])('answers %s with a problem', async (_, headers: Record<string, string>, status, code) => {
    const answer = await post(headers, '{}');
    expect(answer).toMatchObject({ status, body: problem(status, code) });
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('says with an unknown encoding which ones it knows', async () => {
    const { headers } = await post({ 'content-encoding': 'br' }, '{}');
    expect(headers['accept-encoding']).toBe('gzip, zstd');
  });

  it.each([false, true])(
    'answers a body that is too large, and stays on the line (chunked: %s)',
    async (chunked) => {
      const answer = await post({}, 'x'.repeat(2 * MAX_BODY), chunked);
      expect(answer).toMatchObject({ status: 413, body: problem(413, 'body-too-large') });
      expect(answer.headers.connection).not.toBe('close');
    },
  );

  it('hangs up on a body that announces more than anybody wants to read away', async () => {
    const answer = await raw(
      app,
      'POST /v1/echo HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 999999999999\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /u);
    expect(answer).toContain('"code":"body-too-large"');
  });

  it.each([
    ['GET', '/nowhere', 404, 'not-found'],
    ['GET', '/v1/echo/%ff%zz', 400, 'invalid-request'],
    ['GET', `/v1/echo/${'x'.repeat(5000)}`, 414, 'url-too-long'],
    ['DELETE', '/v1/echo', 405, 'method-not-allowed'],
    ['PROPFIND', '/v1/echo?x=1', 405, 'method-not-allowed'],
    ['TRACE', '/v1/echo/a', 405, 'method-not-allowed'],
  ])('answers %s %s with a problem', async (method, path, status, code) => {
    const answer = await ask(app, method, path, {});
    expect(answer).toMatchObject({ status, body: problem(status, code) });
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('says with a wrong method which ones are right', async () => {
    expect((await ask(app, 'DELETE', '/v1/echo', {})).headers.allow).toBe('POST');
    expect((await ask(app, 'PUT', '/v1/echo/a', {})).headers.allow).toBe('GET, HEAD');
  });

  it('takes the longest id there is, each of its bytes percent-encoded', async () => {
    const path = `/v1/echo/${'%C3%A4'.repeat(512)}`;
    expect(await ask(app, 'GET', path, {})).toMatchObject({ status: 200, body: { id: 'ä'.repeat(512) } });
  });

  it.each([
    ['what is no HTTP', 'hello\r\n\r\n', 400, 'invalid-request'],
    ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', 400, 'invalid-request'],
    [
      'a request without a host',
      'GET /v1/echo/a HTTP/1.1\r\nconnection: close\r\n\r\n',
      403,
      'foreign-origin',
    ],
    ['a huge header', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
    ['a tunnel', 'CONNECT example.org:443 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n', 405, 'method-not-allowed'],
    [
      'two lengths',
      'POST /v1/echo HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
      400,
      'invalid-request',
    ],
    [
      'a length beside chunks',
      'POST /v1/echo HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\nx',
      400,
      'invalid-request',
    ],
  ])('answers %s with a problem', async (_, bytes, status, code) => {
    const answer = await raw(app, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
    expect(answer).toContain('application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status, code });
  });
});

describe('the HTTP adapter, when a peer is slow', () => {
  const started = (over: Partial<typeof HTTP_LIMITS>): Promise<NestFastifyApplication> =>
    listening({ ...HTTP_LIMITS, lookEveryMs: 10, ...over });
  const opening = 'POST /v1/echo HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

  it.each([
    ['whose head does not end', opening, { headMs: 50, requestMs: 100 }, 'request-too-slow'],
    [
      'whose body stays away',
      `${opening}content-length: 100\r\n\r\n{`,
      { bodyGraceMs: 10, leastBytesPerSecond: 1000 },
      'body-too-slow',
    ],
    [
      'whose chunks stay away',
      `${opening}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`,
      { bodyGraceMs: 10, leastBytesPerSecond: 1000 },
      'body-too-slow',
    ],
    [
      'that keeps to the least rate and is never done',
      `${opening}content-length: 100\r\n\r\n{`,
      { headMs: 50, requestMs: 50 },
      'request-too-slow',
    ],
  ])('answers a request %s with 408 and hangs up', async (_, bytes, limits, code) => {
    const app = await started(limits);
    const answer = await raw(app, bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    await app.close();
  });

  it('closes connections beyond those it may have, and serves the others', async () => {
    const app = await started({ maxConnections: 1 });
    const { port } = new URL(await app.getUrl());
    const first = connect(Number(port), '127.0.0.1');
    first.write('GET /v1/echo/a HTTP/1.1\r\nhost: 127.0.0.1\r\n');
    await new Promise((resolve) => first.once('connect', resolve));
    const second = connect(Number(port), '127.0.0.1');
    const closed = new Promise((resolve) => second.once('close', resolve));
    second.on('error', () => undefined).resume();
    await closed;
    first.end('\r\n');
    expect(await text(first)).toContain('{"id":"a"}');
    await app.close();
  });
});
