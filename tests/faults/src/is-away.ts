import { KafkaJSError, KafkaJSNumberOfRetriesExceeded } from 'kafkajs';

/** What the network says of a server that is killed, asleep, or only just coming up. */
const CODES: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** Whether it was thrown because whoever was asked is not there at the moment, and not because something is wrong. */
export function isAway(thrown: unknown): boolean {
  if (thrown instanceof KafkaJSNumberOfRetriesExceeded) return true;
  if (thrown instanceof KafkaJSError) return thrown.retriable;
  if (thrown instanceof DOMException) return thrown.name === 'TimeoutError';
  if (!(thrown instanceof Error)) return false;
  return ('code' in thrown && CODES.has(thrown.code)) || isAway(thrown.cause);
}
