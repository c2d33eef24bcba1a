import type { Invocation } from '../invocation.ts';
import { heedClient, type Credentials, type HeedClient } from './heed-client.ts';
import { serviceOnFolder } from './service-on-folder.ts';

/**
 * Does something with the service that an invocation names: the one at its address, the one that already runs on its
 * folder, or one started on the folder for as long as the work takes.
 *
 * @param encoders directories that a service which is started here is given
 */
export async function withService<T>(
  invocation: Invocation,
  work: (client: HeedClient, isStartedHere: boolean) => Promise<T>,
  encoders: readonly string[] = [],
): Promise<T> {
  const { service, shell } = invocation;
  const withIts = (url: URL, credentials: Credentials, isStartedHere: boolean): Promise<T> =>
    withClient(url, credentials, (client) => work(client, isStartedHere));
  if (service.kind === 'url') return withIts(service.url, credentialsOf(invocation), false);
  const found = await serviceOnFolder(shell, service.dir, encoders);
  try {
    return await withIts(found.url, credentialsOf(invocation, found.key), found.isStartedHere);
  } finally {
    await found.stop();
  }
}

/** A key that somebody gave goes before the one that lies in the folder, and decides about the tenant unless that was named. */
function credentialsOf({ tenant, namesTenant, key }: Invocation, owner?: string): Credentials {
  if (key !== undefined) return { key, ...(namesTenant && { tenant }) };
  return { tenant, ...(owner !== undefined && { key: owner }) };
}

async function withClient<T>(
  url: URL,
  credentials: Credentials,
  work: (client: HeedClient) => Promise<T>,
): Promise<T> {
  const client = heedClient(url, credentials);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
