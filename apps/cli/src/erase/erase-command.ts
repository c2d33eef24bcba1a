import { erasureReport } from '@heed/contract';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { erasureText } from './erasure-text.ts';

const input = z.object({ user: z.string().min(1, 'the id of a user'), reason: z.string().optional() });

export function eraseCommand(cli: Cli): Command {
  return new Command('erase')
    .summary('forget a user')
    .description(
      "Forgets a user of the tenant: destroys the key that the user's events are sealed with, takes their content out of\n" +
        'the warehouse, derives the sessions again and marks what was learnt from them as stale. There is no way back.',
    )
    .argument('<user>', 'the id of the user, as the events have it')
    .option('--reason <text>', 'kept with the erasure, which itself stays in the log')
    .action(
      action(cli, input, (invocation, { user, reason }) =>
        withService(invocation, async (heed) => {
          const request = { user, ...(reason !== undefined && { reason }) };
          const report = await heed.send('POST', '/v1/erasures', request, erasureReport);
          return { json: report, text: erasureText(report) };
        }),
      ),
    );
}
