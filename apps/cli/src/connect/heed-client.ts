import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { problem, TENANT_HEADER, type ProgressLine } from '@heed/contract';
import { Fault } from '@heed/kernel';
import { z } from 'zod';
import { bodyOf, httpTransport, type HttpRequest } from './http-transport.ts';
import { RemoteFault } from './remote-fault.ts';

export type Progress = ProgressLine['progress'];

/** One tenant of one service. Every answer is parsed; what is not understood is a fault, never passed on. */
export interface HeedClient {
  readonly url: URL;
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>;
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown, shape: z.ZodType<T>): Promise<T>;
  /** Long work: progress lines as they come, then the result. */
  work<T>(
    path: string,
    body: unknown,
    shape: z.ZodType<T>,
    onProgress: (progress: Progress) => void,
  ): Promise<T>;
  /** One request as it is, whatever its status. Rejects when nothing answers, with Node's error as the cause. */
  request(request: HttpRequest): Promise<IncomingMessage>;
  close(): void;
}

const workLine = z.union([
  z.object({ progress: z.object({ step: z.string(), done: z.number(), of: z.number() }) }),
  z.object({ result: z.unknown() }),
  z.object({ problem }),
]);

/** What a request says of who sends it. */
export interface Credentials {
  /** Left out, it is the tenant that the key belongs to. */
  readonly tenant?: string;
  readonly key?: string;
}

export function heedClient(url: URL, { tenant, key }: Credentials): HeedClient {
  const transport = httpTransport(url);
  const own = {
    ...(tenant !== undefined && { [TENANT_HEADER]: tenant }),
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  };
  const request = async (of: HttpRequest): Promise<IncomingMessage> => {
    try {
      return await transport.send({ ...of, headers: { ...own, ...of.headers } });
    } catch (cause) {
      throw unreachable(url, cause);
    }
  };
  const requestJson = async (method: string, path: string, body: unknown): Promise<IncomingMessage> => {
    const reply = await request({
      method,
      path,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    if (!isSuccess(reply)) throw await remoteFault(reply);
    return reply;
  };
  const json = async <T>(method: string, path: string, body: unknown, shape: z.ZodType<T>): Promise<T> => {
    const text = await bodyOf(await requestJson(method, path, body));
    return understood(shape, text, `${method} ${path}`);
  };
  return {
    url,
    get: (path, shape) => json('GET', path, undefined, shape),
    send: (method, path, body, shape) => json(method, path, body, shape),
    work: async (path, body, shape, onProgress) => {
      const reply = await requestJson('POST', path, body);
      return resultOfWork(reply, shape, `POST ${path}`, onProgress);
    },
    request,
    close: () => transport.close(),
  };
}

export function isSuccess(reply: IncomingMessage): boolean {
  const status = reply.statusCode ?? 0;
  return status >= 200 && status < 300;
}

/** The error that a reply carries: Heed's own problem, or what can be told when something else answered. */
export async function remoteFault(reply: IncomingMessage): Promise<RemoteFault> {
  const text = await bodyOf(reply);
  const told = problem.safeParse(jsonOrNothing(text));
  if (told.success) return new RemoteFault(told.data);
  const status = reply.statusCode ?? 0;
  return new RemoteFault({
    status,
    code: 'not-heed',
    detail: `the service answered ${status} with something that is not Heed's: ${text.slice(0, 200)}`,
    remedy: 'Check that the address is that of a Heed service and that nothing in between answers for it.',
  });
}

/** Parses an answer by its shape. Throws a Fault that names the first field that does not fit. */
export function understood<T>(shape: z.ZodType<T>, text: string, where: string): T {
  return fitting(shape, jsonOrNothing(text), where);
}

function fitting<T>(shape: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault(
    'answer-not-understood',
    `the answer to ${where} is not understood (${issue?.path.join('.') || 'body'}: ${issue?.message ?? ''})`,
    'The service is probably of another version: run `heed` from the same release as the service.',
  );
}

async function resultOfWork<T>(
  reply: IncomingMessage,
  shape: z.ZodType<T>,
  where: string,
  onProgress: (progress: Progress) => void,
): Promise<T> {
  let result: { readonly value: T } | undefined;
  try {
    // To its end, also behind the result: a gateway may send that end a moment later, and a reply that nobody reads any more breaks off loudly.
    for await (const text of createInterface({ input: reply, crlfDelay: Infinity })) {
      if (text === '') continue;
      const line = understood(workLine, text, where);
      if ('progress' in line) onProgress(line.progress);
      else if ('problem' in line) throw new RemoteFault(line.problem);
      else result = { value: fitting(shape, line.result, where) };
    }
    if (result !== undefined) return result.value;
  } catch (thrown) {
    if (result !== undefined) return result.value;
    // What is no Fault is Node's own error: the connection broke off.
    throw thrown instanceof Fault && !reply.errored ? thrown : cutShort(where, thrown);
  }
  throw cutShort(where, undefined);
}

function cutShort(where: string, cause: unknown): Fault {
  return new Fault(
    'work-cut-short',
    `${where} ended without a result: the service stopped while it worked`,
    'Run it again; if it happens again, look at what the service wrote last.',
    { cause },
  );
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(url: URL, cause: unknown): Fault {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Fault(
    'unreachable',
    `no Heed answers at ${url.href} (${why})`,
    'Start one with `heed start`, or give the address it printed with --url.',
    { cause },
  );
}
