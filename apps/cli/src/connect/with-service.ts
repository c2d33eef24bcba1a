import type { Invocation } from '../invocation.ts';
import { heedClient, type HeedClient } from './heed-client.ts';
import { serviceOnFolder } from './service-on-folder.ts';

/**
 * Does something with the service that an invocation names: the one at its address, the one that already runs on its
 * folder, or one started on the folder for as long as the work takes.
 */
export async function withService<T>(
  invocation: Invocation,
  work: (client: HeedClient) => Promise<T>,
): Promise<T> {
  const { service, shell, tenant } = invocation;
  if (service.kind === 'url') return withClient(service.url, tenant, work);
  const found = await serviceOnFolder(shell, service.dir);
  try {
    return await withClient(found.url, tenant, work);
  } finally {
    await found.stop();
  }
}

async function withClient<T>(url: URL, tenant: string, work: (client: HeedClient) => Promise<T>): Promise<T> {
  const client = heedClient(url, tenant);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
