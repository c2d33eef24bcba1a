import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { cutProgressShort } from './ndjson.ts';

/** A connection whose last answer is out is closed at the next look. */
const lookMs = 20;

/** How long the last words of what was cut short may take to go out. */
const lastWordsMs = 200;

/**
 * Closes the server: no new connections, requests in flight are finished and answered. What is not finished after `graceMs` is told
 * so, if it is a long answer (`respondWithProgress`), and cut off.
 *
 * @param close begins the closing; resolves when the last connection is gone
 */
export async function closeWithin(
  graceMs: number,
  server: Server,
  close: () => Promise<void>,
): Promise<void> {
  const look = setInterval(() => {
    server.closeIdleConnections();
  }, lookMs);
  const closed = new AbortController();
  const cutOff = async (): Promise<void> => {
    await delay(graceMs, undefined, { signal: closed.signal });
    cutProgressShort();
    await delay(lastWordsMs, undefined, { signal: closed.signal });
    server.closeAllConnections();
  };
  cutOff().catch(() => undefined);
  try {
    await close();
  } finally {
    clearInterval(look);
    closed.abort();
  }
}
