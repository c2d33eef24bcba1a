import { Fault } from '@heed/kernel';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AllowedMethods } from './allowed-methods.ts';
import { BodyIntake, RefusedBody } from './body-intake.ts';
import { answerClientError, answerRaw } from './client-error.ts';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.ts';
import { refuseForeign } from './local-requests.ts';
import { httpProblem, PROBLEM_MEDIA_TYPE, problemOf, sendProblem } from './problem-filter.ts';
import { shuttingDown } from './shutting-down.ts';

/** Room for the longest key that a route takes, each of its bytes percent-encoded. */
const MAX_PARAM_CHARS = 4_096;

/**
 * Fastify with every body handed on as the bytes that came, unpacked: the collector keeps them, the other routes parse them once by
 * their contract (`ZodPipe`). Use with `bodyParser: false`, or Nest puts its own parsers in front.
 *
 * Whatever it refuses by itself, down to a request that is no HTTP, is answered with a problem like everything else.
 * Requests in flight are finished when it closes; who closes it sets them a limit (see `closeWithin`). Only this machine is answered.
 *
 * @param maxBodyBytes larger bodies are answered 413 before they are read, or unpacked, whole
 */
export function httpAdapter(maxBodyBytes: number, limits: HttpLimits = HTTP_LIMITS): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestTimeout: limits.requestMs,
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    // A request that names no host is refused below, with a problem.
    http: {
      headersTimeout: limits.headMs,
      connectionsCheckingInterval: limits.lookEveryMs,
      requireHostHeader: false,
    },
    clientErrorHandler: answerClientError,
    // What the router refuses reaches no filter of Nest.
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(reply, problemOf(error));
    },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  boundServer(fastify.server, limits);
  refuseWhenClosing(fastify);
  fastify.addHook('onRequest', (request, _reply, done) => {
    refuseForeign(request);
    done();
  });
  refuseWrongMethods(fastify);
  takeBodies(fastify, new BodyIntake(maxBodyBytes, limits));
  return adapter;
}

function boundServer(server: Server, { maxConnections }: HttpLimits): void {
  server.maxConnections = maxConnections;
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.stringify(httpProblem(417, 'The request expects what Heed does not do.'));
    const headers = { 'content-type': PROBLEM_MEDIA_TYPE, 'content-length': Buffer.byteLength(body) };
    response.writeHead(417, { ...headers, connection: 'close' }).end(body);
  });
  // Nobody tunnels through Heed; without an answer Node would hang up in silence.
  server.on('connect', (_request, socket) => {
    answerRaw(socket, 405, 'Heed is no proxy.');
  });
}

function refuseWhenClosing(fastify: FastifyInstance): void {
  let closing = false;
  fastify.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  fastify.addHook('onRequest', (_request, reply, done) => {
    if (!closing) {
      done();
      return;
    }
    reply.header('connection', 'close');
    throw shuttingDown();
  });
}

function refuseWrongMethods(fastify: FastifyInstance): void {
  const methods = new AllowedMethods();
  fastify.addHook('onRoute', ({ url, method }) => {
    methods.add(url, method);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const allowed = request.is404 ? methods.of(request.url) : [];
    if (allowed.length === 0) {
      done();
      return;
    }
    reply.header('allow', allowed.join(', '));
    throw new Fault(
      'method-not-allowed',
      `This path does not take ${request.method}.`,
      `Use ${allowed.join(' or ')}.`,
    );
  });
}

function takeBodies(fastify: FastifyInstance, intake: BodyIntake<FastifyRequest>): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', intake.expect(request, request.headers));
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (request, payload, done) => {
    void intake.take(request, payload, request.headers).then((body) => {
      done(null, body);
    });
  });
  fastify.addHook('preValidation', (request, reply, done) => {
    const { body } = request;
    if (!(body instanceof RefusedBody)) {
      done();
      return;
    }
    if (body.hangUp) reply.header('connection', 'close');
    throw body.fault;
  });
}
