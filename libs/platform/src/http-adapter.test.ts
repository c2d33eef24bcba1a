import 'reflect-metadata';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpAdapter } from './http-adapter.ts';
import { jsonLog, nestLogger } from './log.ts';
import { ProblemFilter } from './problem-filter.ts';

const log = jsonLog('silent', () => undefined);

@Controller('v1/echo')
class Echo {
  @Post()
  echo(@Body() body: unknown): { text: string } {
    return { text: Buffer.isBuffer(body) ? body.toString('utf8') : '' };
  }
}

@Module({ controllers: [Echo] })
class EchoModule {}

describe('the HTTP adapter', () => {
  let app: NestFastifyApplication;
  let url: string;
  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(EchoModule, httpAdapter(100), {
      bodyParser: false,
      logger: nestLogger(log),
    });
    app.useGlobalFilters(new ProblemFilter(log));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  const post = (headers: Record<string, string>, body: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const sent = request(`${url}/v1/echo`, { method: 'POST', headers }, (response) => {
        json(response).then(
          (answer) =>
            resolve({ type: response.headers['content-type'], status: response.statusCode, answer }),
          reject,
        );
      });
      sent.on('error', reject).end(body);
    });

  it('hands on the bytes that came', async () => {
    expect(await post({ 'content-type': 'application/json' }, '{ "a":1}')).toMatchObject({
      status: 201,
      answer: { text: '{ "a":1}' },
    });
  });

  it.each([
    [
      'a foreign origin',
      { 'content-type': 'application/json', origin: 'https://evil.example' },
      403,
      'foreign-origin',
    ],
    ['a foreign name', { 'content-type': 'application/json', host: 'evil.example' }, 403, 'foreign-origin'],
    ['a plain text', { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
    [
      'a compressed body',
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      415,
      'unsupported-media-type',
    ],
  ])('answers %s with a problem', async (_, headers: Record<string, string>, status, code) => {
    expect(await post(headers, '{}')).toMatchObject({
      type: expect.stringContaining('application/problem+json') as unknown,
      status,
      answer: { status, code, remedy: expect.stringMatching(/\w/) as unknown },
    });
  });

  it('answers a body that is too large with 413', async () => {
    expect(await post({ 'content-type': 'application/json' }, 'x'.repeat(101))).toMatchObject({
      status: 413,
      answer: { code: 'body-too-large' },
    });
  });
});
