import { ingestResponse, TENANT_HEADER, type IngestResult } from '@heed/contract';
import type { CloudEvent } from './cloud-event.ts';
import { retryAfterMs } from './retry-delay.ts';

/** What became of one request with events. */
export type PostOutcome =
  | { readonly kind: 'durable'; readonly results: readonly IngestResult[] }
  | { readonly kind: 'try-again'; readonly afterMs: number; readonly why: string; readonly cause?: unknown }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'refused'; readonly why: string };

export interface PostOptions {
  readonly url: string;
  readonly tenant: string;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
}

/** Posts a batch once. Sending the same events again is safe: their ids make the second time change nothing. */
export async function postEvents(
  events: readonly CloudEvent[],
  { url, tenant, fetch, timeoutMs }: PostOptions,
): Promise<PostOutcome> {
  try {
    const response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json', [TENANT_HEADER]: tenant },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return await outcomeOf(response);
  } catch (cause) {
    return { kind: 'try-again', afterMs: 0, why: `${url} did not answer`, cause };
  }
}

async function outcomeOf(response: Response): Promise<PostOutcome> {
  if (response.ok) return { kind: 'durable', ...ingestResponse.parse(await response.json()) };
  const why = `POST /v1/events answered ${response.status}: ${(await response.text()).slice(0, 500)}`;
  if (response.status === 413) return { kind: 'too-large' };
  if (response.status === 408 || response.status === 429 || response.status >= 500) {
    return { kind: 'try-again', afterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()), why };
  }
  return { kind: 'refused', why };
}
