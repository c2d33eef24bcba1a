import type { Invocation } from '../invocation.ts';
import { heedClient, type Credentials, type HeedClient } from './heed-client.ts';
import { serviceOnFolder } from './service-on-folder.ts';

/**
 * Does something with the service that an invocation names: the one at its address, the one that already runs on its
 * folder, or one started on the folder for as long as the work takes.
 */
export async function withService<T>(
  invocation: Invocation,
  work: (client: HeedClient) => Promise<T>,
): Promise<T> {
  const { service, shell } = invocation;
  if (service.kind === 'url') return withClient(service.url, credentialsOf(invocation), work);
  const found = await serviceOnFolder(shell, service.dir);
  try {
    return await withClient(found.url, credentialsOf(invocation, found.key), work);
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
