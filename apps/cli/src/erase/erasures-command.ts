import { erasureList } from '@heed/contract';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { erasureListText } from './erasure-text.ts';

const LIMIT = 'a whole number from 1 to 10000';

const input = z.object({
  limit: z.coerce.number(LIMIT).int(LIMIT).min(1, LIMIT).max(10_000, LIMIT).default(100),
});

export function erasuresCommand(cli: Cli): Command {
  return new Command('erasures')
    .summary('how far erasures have come')
    .description(
      'Lists the erasures of the tenant: those that are not carried out first, with the reason where one fails. Heed tries it again\n' +
        'by itself, at least once an hour. Whose they were nobody can tell any more.',
    )
    .option('--limit <n>', 'so many at most (default: 100)')
    .action(
      action(cli, input, (invocation, { limit }) =>
        withService(invocation, async (heed) => {
          const { erasures } = await heed.get(`/v1/erasures?limit=${String(limit)}`, erasureList);
          return { json: { erasures }, text: erasureListText(erasures) };
        }),
      ),
    );
}
