import type { Problem } from '@heed/contract';
import { Fault } from '@heed/kernel';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { faultFields, type Log } from './log.ts';

/** The one place where codes become HTTP. A code that is not here is our own fault: 500. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'invalid-request': 400,
  'invalid-tenant': 400,
  'foreign-origin': 403,
  'fix-unknown': 404,
  'dead-letter-unknown': 404,
  'fix-blocked': 409,
  'fix-transition-not-allowed': 409,
  'wrong-version': 409,
  'replay-running': 409,
  'bundle-version-taken': 409,
  'batch-too-large': 413,
  'batch-unstorable': 413,
  'unsupported-media-type': 415,
  'queue-full': 429,
  'log-full': 507,
  'log-unavailable': 503,
  'warehouse-full': 507,
  'warehouse-failed': 503,
  'warehouse-closed': 503,
  'shutting-down': 503,
};

const RETRY_AFTER_SECONDS: Readonly<Record<string, number>> = {
  'queue-full': 1,
  'log-full': 60,
  'log-unavailable': 5,
  'warehouse-full': 60,
  'warehouse-failed': 5,
  'warehouse-closed': 5,
  'shutting-down': 5,
};

/** As much of Fastify's reply as an error needs. */
interface ProblemReply {
  code(status: number): ProblemReply;
  header(name: string, value: string): ProblemReply;
  type(contentType: string): ProblemReply;
  send(body: string): unknown;
}

/** Turns everything thrown at the HTTP edge into one `application/problem+json` that says what was wrong and what to do. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const problem = problemOf(thrown);
    if (problem.status >= 500) this.#log.error('request-failed', faultFields(thrown));
    const reply = host.switchToHttp().getResponse<ProblemReply>().code(problem.status);
    const retryAfter = RETRY_AFTER_SECONDS[problem.code];
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
    reply.type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** The problem a thrown thing is to the caller. An unexpected one tells no inner detail. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Fault) {
    const status = STATUS_BY_CODE[thrown.code] ?? 500;
    return { status, code: thrown.code, title: thrown.message, remedy: thrown.remedy };
  }
  if (thrown instanceof HttpException) return httpProblem(thrown.getStatus(), thrown.message);
  if (isFastifyError(thrown)) return httpProblem(thrown.statusCode, thrown.message);
  return {
    status: 500,
    code: 'internal',
    title: 'Heed failed in a way it did not foresee.',
    remedy: "Look for `request-failed` in the service's log and report it with that line.",
  };
}

function httpProblem(status: number, title: string): Problem {
  if (status === 404) {
    return { status, code: 'not-found', title, remedy: 'See /docs for the routes that exist.' };
  }
  if (status === 413) {
    return { status, code: 'body-too-large', title, remedy: 'Send smaller batches.' };
  }
  return {
    status,
    code: status < 500 ? 'invalid-request' : 'internal',
    title,
    remedy: 'See /docs for what this route takes.',
  };
}

function isFastifyError(thrown: unknown): thrown is Error & { readonly statusCode: number } {
  return thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number';
}
