import { setTimeout as delay } from 'node:timers/promises';
import { ingestResponse, problem, type IngestResult } from '@heed/contract';
import { isAway } from '../is-away.ts';
import type { Strikes } from './strikes.ts';
import type { Lane, PlannedLoad, PlannedRequest } from './planned-load.ts';

/** While nobody answers, one looks again so often. */
const LOOK_AGAIN_MS = 50;

/** What an edge may say instead of taking a request: it is busy, its log is not there, it has no room, or it is ending. */
const REFUSALS: ReadonlySet<number> = new Set([429, 503, 507]);

export interface Target {
  /** Asked before each attempt: what was killed may come back elsewhere. */
  readonly url: () => string;
  readonly tenant: string;
  /** Told after each answer how many events have been acknowledged so far, and asked before each request. */
  readonly strikes: Strikes;
  /** Told of each refusal. */
  readonly refused?: (code: string) => void;
}

/** What the senders saw. */
export interface Sent {
  readonly requests: number;
  /** Connections that died, each followed by the same request again. */
  readonly unknown: number;
  /** Refusals by their code, each followed by the same request again. */
  readonly refused: Readonly<Record<string, number>>;
}

type Attempt =
  | { readonly is: 'acknowledged'; readonly results: readonly IngestResult[] }
  | { readonly is: 'unknown' }
  | { readonly is: 'refused'; readonly code: string };

/**
 * Sends everything that was planned, each lane one request after the other, and each request until it is acknowledged: what got no answer
 * is sent again as it was. Throws when an answer is another than it has to be; an event that was acknowledged and is asked for
 * again must be known, so an answer that calls it new is the loss of it.
 */
export async function sendLoad({ seed, lanes }: PlannedLoad, target: Target): Promise<Sent> {
  const seen = { requests: 0, unknown: 0, refused: {} as Record<string, number> };
  const failed = new AbortController();
  let acknowledged = 0;
  const sendLane = async (lane: Lane): Promise<void> => {
    for (const request of lane) {
      for (let again = false; !failed.signal.aborted; again = true) {
        await target.strikes.turn();
        seen.requests += 1;
        const attempt = await attempted(request, target);
        if (attempt.is === 'acknowledged') {
          check(seed, request, attempt.results, again);
          acknowledged += request.events.length;
          target.strikes.acknowledged(acknowledged);
          break;
        }
        if (attempt.is === 'unknown') seen.unknown += 1;
        else {
          seen.refused[attempt.code] = (seen.refused[attempt.code] ?? 0) + 1;
          target.refused?.(attempt.code);
        }
        await delay(LOOK_AGAIN_MS);
      }
    }
  };
  await Promise.all(
    lanes.map((lane) =>
      sendLane(lane).catch((thrown: unknown) => {
        failed.abort();
        throw thrown;
      }),
    ),
  );
  return seen;
}

async function attempted({ contentType, body }: PlannedRequest, { url, tenant }: Target): Promise<Attempt> {
  let status: number;
  let type: string;
  let text: string;
  try {
    const headers = { 'content-type': contentType, 'heed-tenant': tenant };
    const response = await fetch(`${url()}/v1/events`, { method: 'POST', headers, body });
    status = response.status;
    type = response.headers.get('content-type') ?? '';
    text = await response.text();
  } catch (thrown) {
    if (!isAway(thrown)) throw thrown;
    return { is: 'unknown' };
  }
  if (status === 202) return { is: 'acknowledged', results: ingestResponse.parse(JSON.parse(text)).results };
  if (!REFUSALS.has(status) || !type.startsWith('application/problem+json'))
    throw new Error(`the edge answered ${status} (${type}): ${text}`);
  return { is: 'refused', code: problem.parse(JSON.parse(text)).code };
}

function check(
  seed: number,
  { events }: PlannedRequest,
  results: readonly IngestResult[],
  sentAgain: boolean,
): void {
  const wrong = events.flatMap(({ text, answer, counts }, index) => {
    const { status, reason } = results[index] ?? { status: 'no result' };
    const isRight =
      (status === answer || (sentAgain && answer === 'accepted' && status === 'duplicate')) &&
      (status !== 'dead-lettered' || reason === counts?.fate);
    return isRight ? [] : [`${status} (${reason ?? ''}) instead of ${answer}: ${text}`];
  });
  if (wrong.length > 0) throw new Error(`seed ${seed}: wrong answers\n${wrong.join('\n')}`);
  if (results.length !== events.length) throw new Error(`seed ${seed}: one result too many`);
}
