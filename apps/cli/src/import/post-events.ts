import { setTimeout as sleep } from 'node:timers/promises';
import { ingestResponse, type IngestResult } from '@heed/contract';
import { Fault } from '@heed/kernel';
import { isSuccess, remoteFault, understood, type HeedClient } from '../connect/heed-client.ts';
import { bodyOf } from '../connect/http-transport.ts';
import type { RemoteFault } from '../connect/remote-fault.ts';
import type { OutgoingEvent } from './rejected-row.ts';

const BATCH_TYPE = 'application/cloudevents-batch+json';

/** What to send in place of an event that is larger than the service takes. */
export type InItsPlace = (event: OutgoingEvent) => string;

/** How long the service may be away or failing before the import gives up. */
const PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
const PAUSE_WHEN_BUSY_MS = 1000;

/**
 * Posts events until every one of them has a result. Waits as long as the service says that it is busy (429), tries again
 * while it fails or is away (a repeated event is a duplicate and changes nothing), and halves what is too much for it,
 * down to the one event in whose place something smaller goes: nothing is left out.
 */
export async function postEvents(
  client: HeedClient,
  events: readonly OutgoingEvent[],
  inItsPlace: InItsPlace,
): Promise<readonly IngestResult[]> {
  let pause = FIRST_PAUSE_MS;
  for (let waited = 0; ;) {
    const answer = await tryOnce(client, events);
    if (answer.is === 'done') return answer.results;
    if (answer.is === 'too-large') return inParts(client, events, inItsPlace, answer.fault);
    if (answer.is === 'busy') {
      await sleep(answer.pauseMs);
      continue;
    }
    if (waited >= PATIENCE_MS) throw gaveUp(answer.fault);
    await sleep(pause);
    waited += pause;
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }
}

type Answer =
  | { readonly is: 'done'; readonly results: readonly IngestResult[] }
  | { readonly is: 'busy'; readonly pauseMs: number }
  | { readonly is: 'failing'; readonly fault: Fault }
  | { readonly is: 'too-large'; readonly fault: RemoteFault };

async function tryOnce(client: HeedClient, events: readonly OutgoingEvent[]): Promise<Answer> {
  const body = `[${events.map(({ json }) => json).join(',')}]`;
  try {
    const headers = { 'content-type': BATCH_TYPE };
    const reply = await client.request({ method: 'POST', path: '/v1/events', headers, body });
    if (isSuccess(reply)) {
      const { results } = understood(ingestResponse, await bodyOf(reply), 'POST /v1/events');
      return { is: 'done', results };
    }
    const status = reply.statusCode ?? 0;
    const seconds = Number(reply.headers['retry-after']);
    const fault = await remoteFault(reply);
    if (status === 429) return { is: 'busy', pauseMs: seconds > 0 ? seconds * 1000 : PAUSE_WHEN_BUSY_MS };
    if (status === 413) return { is: 'too-large', fault };
    if (status >= 500) return { is: 'failing', fault };
    throw fault;
  } catch (error) {
    if (isConnectionLoss(error)) return { is: 'failing', fault: connectionLost(client, error) };
    throw error;
  }
}

async function inParts(
  client: HeedClient,
  events: readonly OutgoingEvent[],
  inItsPlace: InItsPlace,
  fault: RemoteFault,
): Promise<readonly IngestResult[]> {
  const [first] = events;
  if (first !== undefined && events.length === 1) {
    const json = inItsPlace(first);
    // A service that does not even take this, takes nothing.
    return postEvents(client, [{ ...first, json }], () => {
      throw fault;
    });
  }
  const middle = events.length >> 1;
  return [
    ...(await postEvents(client, events.slice(0, middle), inItsPlace)),
    ...(await postEvents(client, events.slice(middle), inItsPlace)),
  ];
}

const LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

/** Before the reply the transport wraps Node's error; while the body comes it is Node's own. */
function isConnectionLoss(error: unknown): boolean {
  const cause = error instanceof Fault ? error.cause : error;
  return cause instanceof Error && 'code' in cause && LOST.has(String(cause.code));
}

function connectionLost({ url }: HeedClient, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  return new Fault(
    'connection-lost',
    `the connection to ${url.href} broke off`,
    'Look whether it still runs.',
    { cause },
  );
}

function gaveUp(fault: Fault): Fault {
  return new Fault(
    fault.code,
    `gave up after ${PATIENCE_MS / 1000} s: ${fault.message}`,
    `${fault.remedy} Then run the same import again: it goes on where it stopped.`,
    { cause: fault },
  );
}
