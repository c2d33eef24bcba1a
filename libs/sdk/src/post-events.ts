import type { IngestResult } from '@heed/contract';
import { ingestResults } from './ingest-answer.ts';
import { retryAfterMs } from './retry-delay.ts';

/** What became of one request with events. */
export type PostOutcome =
  | { readonly kind: 'durable'; readonly results: readonly IngestResult[] }
  | TryAgain
  /** The service takes no request of this size or form; fewer of the events may do. */
  | { readonly kind: 'unfit'; readonly why: string };

export interface TryAgain {
  readonly kind: 'try-again';
  /** `events-delayed`: Heed is busy or away. `events-refused`: it takes nothing of this client until somebody mends what `why` says. */
  readonly code: 'events-delayed' | 'events-refused';
  /** The least to wait. */
  readonly afterMs: number;
  readonly why: string;
  readonly cause?: unknown;
}

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly nowMs: () => number;
}

/** A wrong key or address is mended by a person, who needs longer than a busy service. */
const REFUSED_MS = 30_000;

/** Posts a batch, a JSON list, once. Sending the same events again is safe: their ids make the second time change nothing. */
export async function postEvents(
  body: string,
  count: number,
  { url, headers, fetch, timeoutMs, nowMs }: PostOptions,
): Promise<PostOutcome> {
  try {
    const response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/cloudevents-batch+json' },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return await outcomeOf(response, count, nowMs);
  } catch (cause) {
    return delayed(`${url} gave no answer that can be read`, 0, cause);
  }
}

async function outcomeOf(response: Response, count: number, nowMs: () => number): Promise<PostOutcome> {
  const { ok, status, headers } = response;
  if (ok) {
    const results = ingestResults(await response.json(), count);
    if (results !== null) return { kind: 'durable', results };
    return delayed('The answer names no result for each event');
  }
  const why = `POST /v1/events answered ${status}: ${(await response.text()).slice(0, 500)}`;
  if (status === 400 || status === 413 || status === 422) return { kind: 'unfit', why };
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return delayed(why, retryAfterMs(headers.get('retry-after'), nowMs()));
  return { kind: 'try-again', code: 'events-refused', afterMs: REFUSED_MS, why };
}

function delayed(why: string, afterMs = 0, cause?: unknown): TryAgain {
  return { kind: 'try-again', code: 'events-delayed', afterMs, why, cause };
}
