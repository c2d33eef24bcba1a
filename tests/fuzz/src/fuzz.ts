import { ingestResponse } from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { Agent } from 'node:http';
import { apiRoutes, type ApiRoute } from './api-routes.ts';
import { headerOf, withHeader, type FuzzRequest } from './fuzz-request.ts';
import { faultOf } from './judge.ts';
import { mutated } from './mutations.ts';
import { send } from './send.ts';
import { KEPT_TENANTS, validRequest } from './valid-request.ts';

/** Most of a request's time is the log's, which makes what comes together durable together. */
const AT_ONCE = 24;
/** The others go as they are: what is accepted must stay so in between. */
const MUTATED = 0.85;

export interface FuzzedService {
  readonly url: string;
  /** An admin key for all tenants: with it every request gets past the guard. */
  readonly key: string;
}

export interface FuzzRun {
  /** The first of what went wrong, each with the number of its request, which is the same whenever its seed is. */
  readonly faults: readonly string[];
  readonly byStatus: Readonly<Record<string, number>>;
  /** Events that were acknowledged as accepted, by the tenants that nothing removes. */
  readonly accepted: Readonly<Record<string, number>>;
}

/** The request of one number: the same for the same seed, whatever went before. */
function requestAt(routes: readonly ApiRoute[], key: string, seed: number, index: number): FuzzRequest {
  const random = seededRandom(seed * 1_000_003 + index);
  const request = withHeader(validRequest(routes, index, random), 'authorization', `Bearer ${key}`);
  return random.chance(MUTATED) ? mutated(request, random) : request;
}

/** Sends the requests from one number up to another to a service, some at a time, and judges every answer. */
export async function fuzz(
  service: FuzzedService,
  seed: number,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<FuzzRun> {
  const routes = await apiRoutes(service.url);
  const url = new URL(service.url);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const faults: string[] = [];
  const byStatus: Record<string, number> = {};
  const accepted = Object.fromEntries(KEPT_TENANTS.map((tenant) => [tenant, 0]));
  let next = from;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < to && faults.length < 20; index = next++) {
      const request = requestAt(routes, service.key, seed, index);
      const answer = await send(url, request, agent).catch((error: unknown) => String(error));
      const fault = typeof answer === 'string' ? answer : faultOf(request, answer);
      if (fault !== null) faults.push(`#${index} ${inShort(request)}: ${fault}`);
      if (typeof answer === 'string') continue;
      byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1;
      const tenant = headerOf(request, 'heed-tenant') ?? 'default';
      if (answer.status === 202 && fault === null && Object.hasOwn(accepted, tenant))
        accepted[tenant] = (accepted[tenant] ?? 0) + acceptedIn(answer.text);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
  return { faults, byStatus, accepted };
}

function inShort({ method, path, headers, body }: FuzzRequest): string {
  return `${method} ${path.slice(0, 80)} ${JSON.stringify(headers.filter(([name]) => name !== 'authorization')).slice(0, 300)} ${body.toString('utf8', 0, 200)}`;
}

function acceptedIn(text: string): number {
  return ingestResponse.parse(JSON.parse(text)).results.filter(({ status }) => status === 'accepted').length;
}
