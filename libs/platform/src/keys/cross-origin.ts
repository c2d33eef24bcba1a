import type { FastifyReply } from 'fastify';

/** A page's browser may keep the answer to its question for so long. */
const PREFLIGHT_SECONDS = 600;

const HEADER_NAMES = /^[A-Za-z0-9, -]{1,1000}$/;

/**
 * Lets a page of this origin read the answer. "Credentials" are allowed because `navigator.sendBeacon` always asks for them; Heed
 * takes no cookies, so that they mean nothing here.
 */
export function allowOrigin(reply: FastifyReply, origin: string): void {
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after',
  });
}

/** Answers a browser's question whether a page of an allowed origin may send what it is about to send. */
export function answerPreflight(
  reply: FastifyReply,
  method: string,
  wantedHeaders: string | undefined,
): void {
  const takesThem = wantedHeaders !== undefined && HEADER_NAMES.test(wantedHeaders);
  reply.headers({
    'access-control-allow-methods': method,
    ...(takesThem && { 'access-control-allow-headers': wantedHeaders }),
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  });
  reply.code(204).send();
}
