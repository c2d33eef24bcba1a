import { resolve } from 'node:path';
import { DEFAULT_TENANT } from '@heed/contract';
import { z } from 'zod';
import type { Shell } from './shell.ts';
import { UsageFault } from './usage-fault.ts';

/** Where `heed` keeps its data when nothing names a folder: the same folder `npm start` uses. */
const DEFAULT_DATA_DIR = 'heed-data';

/** The options every command takes. */
export const globalOptions = z.object({
  json: z.boolean().default(false),
  tenant: z.string().min(1, 'a name').optional(),
  url: z.string().optional(),
  data: z.string().optional(),
  key: z.string().min(1, 'a key').optional(),
});
export type GlobalOptions = z.infer<typeof globalOptions>;

/** A service that runs somewhere, or a folder whose service is found or started. */
export type ServiceAddress =
  { readonly kind: 'url'; readonly url: URL } | { readonly kind: 'folder'; readonly dir: string };

/** One run of one command. */
export interface Invocation {
  readonly shell: Shell;
  readonly json: boolean;
  readonly tenant: string;
  /** Whether somebody named the tenant; a key that belongs to one knows it by itself. */
  readonly namesTenant: boolean;
  /** What opens the service, when somebody gave one. */
  readonly key?: string;
  readonly service: ServiceAddress;
}

export function invocationOf(shell: Shell, options: GlobalOptions): Invocation {
  const tenant = options.tenant ?? (shell.env['HEED_TENANT'] || undefined);
  const key = options.key ?? (shell.env['HEED_KEY'] || undefined);
  return {
    shell,
    json: options.json,
    tenant: tenant ?? DEFAULT_TENANT,
    namesTenant: tenant !== undefined,
    ...(key !== undefined && { key }),
    service: serviceAddress(shell, options),
  };
}

/** What was typed goes before the environment, and an address before a folder. */
function serviceAddress(shell: Shell, { url, data }: GlobalOptions): ServiceAddress {
  if (url !== undefined && data !== undefined) {
    throw new UsageFault(
      'both --url and --data were given',
      'Give --url to use a running service, or --data for a folder on this machine.',
    );
  }
  if (url !== undefined) return byUrl(url, '--url');
  if (data !== undefined) return byFolder(shell, data);
  if (shell.env['HEED_URL']) return byUrl(shell.env['HEED_URL'], 'HEED_URL');
  return byFolder(shell, shell.env['HEED_DATA'] || DEFAULT_DATA_DIR);
}

function byUrl(text: string, source: string): ServiceAddress {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageFault(`${source} is not an http address: ${text}`, 'Write it like http://127.0.0.1:8585.');
  }
  return { kind: 'url', url };
}

function byFolder(shell: Shell, dir: string): ServiceAddress {
  return { kind: 'folder', dir: resolve(shell.cwd, dir) };
}
