import { listOf, withinBounds, type OutboxEntry } from './outbox-storage.ts';

/** Browsers take 64 KiB in all from a page that ends; a little is left for the brackets and for others. */
const MOST_BYTES = 60_000;
const MOST_EVENTS = 500;

export interface LeaveOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A beacon has no headers of its own; a browser key may stand in the query instead. */
  readonly key: string | undefined;
  /** Whether the headers say anything that a beacon could not. */
  readonly needsHeaders: boolean;
  readonly fetch: typeof globalThis.fetch;
}

type SendBeacon = (url: string, body: string) => boolean;

declare const navigator: { sendBeacon?: SendBeacon } | undefined;

/**
 * Hands events to the browser to send after the page is gone, and answers with those it may have taken. Nobody hears what becomes of
 * them, so they stay in the storage and are sent again by the next page: their ids make the second time change nothing.
 */
export function leaveByBeacon(
  waiting: readonly OutboxEntry[],
  options: LeaveOptions,
): readonly OutboxEntry[] {
  // What is larger than a beacon waits for the next page, and does not keep the rest from going.
  const fitting = waiting.filter(({ bytes }) => bytes <= MOST_BYTES);
  for (let start = 0; start < fitting.length;) {
    const bounds = { maxCount: MOST_EVENTS, maxBytes: MOST_BYTES - MOST_EVENTS };
    const chunk = withinBounds(fitting.slice(start), bounds);
    const body = listOf(chunk);
    start += chunk.length;
    if (beacon(body, options)) continue;
    fetchThatOutlivesThePage(body, options);
    // The browser counts both ways together: where a beacon had no room, a second request has none either.
    return fitting.slice(0, start);
  }
  return fitting;
}

/** As text/plain, the one type for which no browser asks the service for leave first. */
function beacon(body: string, { url, key, needsHeaders }: LeaveOptions): boolean {
  if (needsHeaders || typeof navigator === 'undefined' || navigator.sendBeacon === undefined) return false;
  const query = key === undefined ? '' : `?key=${encodeURIComponent(key)}`;
  return navigator.sendBeacon(`${url}/v1/events${query}`, body);
}

function fetchThatOutlivesThePage(body: string, { url, headers, fetch }: LeaveOptions): void {
  const type = { 'content-type': 'application/cloudevents-batch+json' };
  void fetch(`${url}/v1/events`, {
    method: 'POST',
    keepalive: true,
    headers: { ...headers, ...type },
    body,
  }).catch(() => undefined);
}
