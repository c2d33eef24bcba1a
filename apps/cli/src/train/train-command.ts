import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { trainRequest, type TrainRequest } from '@heed/contract';
import { Fault } from '@heed/kernel';
import { cardPage, modelCard } from '@heed/rewards';
import { Argument, Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { showWork } from '../output/show-work.ts';
import { UsageFault } from '../usage-fault.ts';
import { cardText } from './card-text.ts';

const kinds = z.string().transform((text) => text.split(',').map((kind) => kind.trim()));

const input = z.object({
  purpose: z.literal('love'),
  positive: kinds.optional(),
  negative: kinds.optional(),
  name: z.string().optional(),
  seed: z.coerce.number('a whole number').optional(),
  card: z.string().optional(),
});

export function trainCommand(cli: Cli): Command {
  return new Command('train')
    .summary('learn from reactions which answers are loved')
    .description(
      'Trains a reward model on the reactions so far, judges it on the last of them in time, and keeps its file and card.\n' +
        'Nothing goes live by it: `heed models MODEL live` does that, and only where every gate was passed.',
    )
    .addArgument(new Argument('<purpose>', 'what the model is of').choices(['love']))
    .option(
      '--positive <kinds>',
      'kinds of reaction that are positive, with commas (default: love,like,thumbs-up)',
    )
    .option(
      '--negative <kinds>',
      'kinds that are negative; without any, turns that a user who reacts left without a reaction are',
    )
    .option('--name <name>', 'a name of its own, for a second model beside the first (default: love)')
    .option('--seed <number>', 'the same log and seed give the same file (default: 0)')
    .option('--card <file>', 'write the card there, as a page to read')
    .addHelpText(
      'after',
      `
Examples:
  heed train love
  heed train love --positive thumbs-up --negative thumbs-down --card card.html
  heed train love --positive love --name love-search`,
    )
    .action(
      action(cli, input, async (invocation, { card: page, ...options }) => {
        const request = requestOf(options);
        const card = await withService(invocation, (heed) =>
          showWork(invocation.shell.stderr, (onProgress) =>
            heed.work('/v1/train/love', request, modelCard, onProgress),
          ),
        );
        if (page !== undefined) await writePage(invocation, page, cardPage(card));
        const written = page === undefined ? '' : `\n\nThe card is in ${page}.`;
        return { json: card, text: `${cardText(card)}${written}` };
      }),
    );
}

function requestOf({
  positive,
  negative,
  name,
  seed,
}: Omit<z.infer<typeof input>, 'card' | 'purpose'>): TrainRequest {
  const request = trainRequest.safeParse({
    ...(positive && { positive }),
    ...(negative && { negative }),
    ...(name !== undefined && { name }),
    ...(seed !== undefined && { seed }),
  });
  if (request.success) return request.data;
  const [issue] = request.error.issues;
  throw new UsageFault(
    `--${String(issue?.path[0] ?? '')}: expected ${issue?.message ?? 'something else'}`,
    'Run the command with --help to see what it takes.',
  );
}

async function writePage({ shell }: Invocation, file: string, page: string): Promise<void> {
  await writeFile(resolve(shell.cwd, file), page).catch((cause: unknown) => {
    throw new Fault(
      'card-not-written',
      `The model was trained and kept, but its card cannot be written to ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Name a file in a folder that is there. The same command again gives the same model.',
      { cause },
    );
  });
}
