import { PROBLEM_TYPE, type Problem } from '@heed/contract';
import { Fault } from '@heed/kernel';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BODY_ENCODINGS } from './content-encoding.ts';
import { faultFields, type Log } from './log.ts';

/** The one place where codes become HTTP. A code that is not here is our own fault: 500. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'invalid-request': 400,
  'invalid-tenant': 400,
  'model-name-invalid': 400,
  'invalid-objectives': 400,
  'prompts-differ': 400,
  'undecodable-body': 400,
  'body-broken-off': 400,
  'api-key-not-allowed': 400,
  'key-missing': 401,
  'key-refused': 401,
  'key-in-address': 401,
  'foreign-origin': 403,
  'origin-refused': 403,
  'role-too-low': 403,
  'wrong-tenant': 403,
  'api-key-unknown': 404,
  'fix-unknown': 404,
  'model-unknown': 404,
  'no-live-model': 404,
  'dead-letter-unknown': 404,
  'method-not-allowed': 405,
  'body-too-slow': 408,
  'dead-letter-ambiguous': 409,
  'fix-blocked': 409,
  'fix-transition-not-allowed': 409,
  'model-refused': 409,
  'model-not-live': 409,
  'model-features-differ': 409,
  'model-needs-encoder': 409,
  'encoder-unknown': 409,
  'encoder-unreadable': 409,
  'model-stale': 409,
  'model-name-taken': 409,
  'training-no-turns': 409,
  'training-no-answers': 409,
  'training-no-reactions': 409,
  'training-no-positives': 409,
  'training-no-negatives': 409,
  'training-few-users': 409,
  'training-few-examples': 409,
  'training-one-day': 409,
  'training-uneven-in-time': 409,
  'training-too-many-turns': 409,
  'training-too-many-examples': 409,
  'training-out-of-memory': 409,
  'evaluation-nothing': 409,
  'nothing-admissible': 409,
  'model-purpose-differs': 409,
  'wrong-version': 409,
  'api-key-taken': 409,
  'first-api-key': 409,
  'replay-running': 409,
  'log-cannot-remove': 409,
  'tenant-removed': 409,
  'bundle-version-taken': 409,
  'batch-too-large': 413,
  'body-too-large': 413,
  'batch-unstorable': 413,
  'unsupported-media-type': 415,
  'unsupported-content-encoding': 415,
  'queue-full': 429,
  'work-queue-full': 429,
  'rate-limited': 429,
  // Who asked went, so that nobody reads it; nothing has failed.
  'work-cut-short': 499,
  'log-full': 507,
  'log-unavailable': 503,
  'lock-lost': 503,
  'warehouse-full': 507,
  'warehouse-failed': 503,
  'warehouse-unavailable': 503,
  'warehouse-denied': 503,
  'warehouse-closed': 503,
  'shutting-down': 503,
  'erasure-not-finished': 503,
};

const RETRY_AFTER_SECONDS: Readonly<Record<string, number>> = {
  'queue-full': 1,
  'work-queue-full': 60,
  'log-full': 60,
  'log-unavailable': 5,
  'lock-lost': 5,
  'warehouse-full': 60,
  'warehouse-failed': 5,
  'warehouse-unavailable': 5,
  'warehouse-closed': 5,
  'shutting-down': 5,
  'not-ready': 5,
};

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** As much of Fastify's reply as an error needs. */
export interface ProblemReply {
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
    if (isFailure(problem)) this.#log.error('request-failed', faultFields(thrown));
    const reply = host.switchToHttp().getResponse<ProblemReply>();
    sendProblem(reply, problem);
  }
}

/** Whether a problem is Heed's own fault, and worth a line in the log: that it begins, ends or waits for its stores is told once, elsewhere. */
export function isFailure({ status, code }: Problem): boolean {
  return status >= 500 && code !== 'shutting-down' && code !== 'not-ready';
}

/** Answers with a problem, and the headers that belong to it. */
export function sendProblem(reply: ProblemReply, problem: Problem): void {
  for (const [name, value] of Object.entries(problemHeaders(problem.code))) reply.header(name, value);
  reply.code(problem.status).type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
}

/** What goes with a problem in the head of the answer, by its code. */
export function problemHeaders(code: string): Readonly<Record<string, string>> {
  const retryAfter = RETRY_AFTER_SECONDS[code];
  return {
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(STATUS_BY_CODE[code] === 401 && { 'www-authenticate': 'Bearer' }),
    ...(code === 'unsupported-content-encoding' && { 'accept-encoding': BODY_ENCODINGS.join(', ') }),
  };
}

/** The problem a thrown thing is to the caller. An unexpected one tells no inner detail. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Fault) {
    return problemFrom(STATUS_BY_CODE[thrown.code] ?? 500, thrown.code, thrown.message, thrown.remedy);
  }
  if (thrown instanceof HttpException) return httpProblem(thrown.getStatus(), thrown.message);
  if (isFastifyError(thrown)) return httpProblem(thrown.statusCode, thrown.message);
  return problemFrom(
    500,
    'internal',
    'Heed failed in a way it did not foresee.',
    "Look for `request-failed` in the service's log and report it with that line.",
  );
}

/** What the framework says by a status alone, in our words. */
const BY_STATUS: Readonly<Record<number, readonly [code: string, remedy: string]>> = {
  404: ['not-found', 'See /docs for the routes that exist.'],
  405: ['method-not-allowed', 'See /docs for the methods of each path.'],
  408: ['request-too-slow', 'Send the request without pauses; smaller batches help.'],
  413: ['body-too-large', 'Send smaller batches.'],
  414: ['url-too-long', 'Shorten the path; no id of Heed is that long.'],
  415: ['unsupported-media-type', 'Send JSON with Content-Type: application/json.'],
  417: ['expectation-failed', 'Send the request without an Expect header, or with 100-continue.'],
  431: ['headers-too-large', 'Send fewer or shorter headers.'],
  503: ['not-ready', 'Wait for the time in Retry-After and ask again.'],
};

/** A problem that is known by its HTTP status alone. */
export function httpProblem(status: number, detail: string): Problem {
  const [code, remedy] = BY_STATUS[status] ?? [
    status < 500 ? 'invalid-request' : 'internal',
    'See /docs for what this route takes.',
  ];
  return problemFrom(status, code, detail, remedy);
}

/** The title is the code in words: the same for every occurrence, as RFC 9457 wants it. */
function problemFrom(status: number, code: string, detail: string, remedy: string): Problem {
  const words = code.replaceAll('-', ' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return { type: PROBLEM_TYPE + code, status, code, title, detail, remedy };
}

function isFastifyError(thrown: unknown): thrown is Error & { readonly statusCode: number } {
  return thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number';
}
