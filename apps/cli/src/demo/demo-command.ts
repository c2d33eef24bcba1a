import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';

/** The tenant that `heed start` plays its first look in. */
const DEMO_TENANT = 'demo';

export function demoCommand(cli: Cli): Command {
  const remove = new Command('remove')
    .description('Removes the demo tenant: its events, sessions and fixes. Nothing else is touched.')
    .action(
      action(cli, z.object({}), async (invocation) => {
        const removed = await withService(invocation, (heed) =>
          heed.send('DELETE', `/v1/tenants/${DEMO_TENANT}`, undefined, z.record(z.string(), z.unknown())),
        );
        return {
          json: removed,
          text: 'The demo is gone. `heed start --no-demo` keeps it from being played again.',
        };
      }),
    );
  return new Command('demo').summary('remove the demo tenant').addCommand(remove);
}
