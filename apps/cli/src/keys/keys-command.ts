import {
  apiKeyKind,
  API_KEY_KINDS,
  createdKey,
  keyList,
  keyView,
  type CreateKeyRequest,
} from '@heed/contract';
import { Argument, Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { createdKeyText, keyListText, revokedKeyText } from './key-text.ts';

const RATE = 'a whole number of requests a second, from 1';

const by = { why: z.string().optional(), who: z.string().min(1, 'a name').optional() };
const createInput = z.object({
  kind: apiKeyKind,
  name: z.string().optional(),
  origin: z.array(z.string()).optional(),
  rate: z.coerce.number(RATE).int(RATE).min(1, RATE).optional(),
  allTenants: z.boolean().default(false),
  ...by,
});
const revokeInput = z.object({ id: z.string().min(1, 'an id'), ...by });

export function keysCommand(cli: Cli): Command {
  return new Command('keys')
    .summary('list, make and revoke the keys that open a service')
    .description(
      'Lists the keys of the tenant. A Heed on 127.0.0.1 needs none until the first is made; that one has to be\n' +
        'an admin key of all tenants. A key is shown once, when it is made.',
    )
    .action(
      action(cli, z.object({}), (invocation) =>
        withService(invocation, async (heed) => {
          const list = await heed.get('/v1/keys', keyList);
          return { json: list, text: keyListText(list.keys) };
        }),
      ),
    )
    .addCommand(createCommand(cli))
    .addCommand(revokeCommand(cli))
    .addHelpText(
      'after',
      `
Examples:
  heed keys create admin --all-tenants
  heed keys create server --tenant shop --name "checkout service"
  heed keys create browser --origin https://shop.example --origin https://www.shop.example
  heed keys revoke 3f9a1c0de4b25a77 --why "it was in a screenshot"`,
    );
}

function createCommand(cli: Cli): Command {
  return new Command('create')
    .description('Makes a key for the tenant and prints it, this once.')
    .addArgument(new Argument('<kind>', 'what it may do').choices(API_KEY_KINDS))
    .option('--name <text>', 'what to call it')
    .option('--origin <url>', 'browser keys: a site that may use it; may be repeated', collect)
    .option('--rate <n>', "requests a second (default: the service's own limit)")
    .option('--all-tenants', 'admin keys: for every tenant, and for what concerns all of them')
    .option('--why <reason>', 'kept in the history of the key')
    .option('--who <name>', 'who decided (default: the name you are logged in as)')
    .action(
      action(cli, createInput, (invocation, { who = invocation.shell.userName, ...given }) =>
        withService(invocation, async (heed) => {
          const created = await heed.send('POST', '/v1/keys', { ...requestOf(given), who }, createdKey);
          return { json: created, text: createdKeyText(created) };
        }),
      ),
    );
}

function requestOf({
  kind,
  name,
  origin,
  rate,
  allTenants,
  why,
}: Omit<z.output<typeof createInput>, 'who'>): CreateKeyRequest {
  return {
    kind,
    ...(name !== undefined && { name }),
    ...(origin !== undefined && { origins: origin }),
    ...(rate !== undefined && { requestsPerSecond: rate }),
    ...(allTenants && { allTenants }),
    ...(why !== undefined && { why }),
  };
}

function revokeCommand(cli: Cli): Command {
  return new Command('revoke')
    .description('Takes a key back for good: the next request that brings it is refused.')
    .argument('<id>', 'of a key, as the list shows it')
    .option('--why <reason>', 'kept in the history of the key')
    .option('--who <name>', 'who decided (default: the name you are logged in as)')
    .action(
      action(cli, revokeInput, (invocation, { id, who = invocation.shell.userName, why }) =>
        withService(invocation, async (heed) => {
          const request = { who, ...(why !== undefined && { why }) };
          const key = await heed.send('POST', `/v1/keys/${encodeURIComponent(id)}/revoke`, request, keyView);
          return { json: key, text: revokedKeyText(key) };
        }),
      ),
    );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
