import { createdKey } from '@heed/contract';

/** The first key of a service, which opens everything; from then on every request needs one. */
export async function adminKey(url: string): Promise<string> {
  const answer = await fetch(`${url}/v1/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'admin', allTenants: true, requestsPerSecond: 1_000_000 }),
  });
  return createdKey.parse(await answer.json()).key;
}
