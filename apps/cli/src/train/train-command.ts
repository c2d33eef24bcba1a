import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { trainRequests, type TrainRequest } from '@heed/contract';
import { Fault } from '@heed/kernel';
import { cardPage, modelCard, TRAINED_PURPOSES, type TrainedPurpose } from '@heed/rewards';
import { Argument, Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { givenEncoder } from '../encoder/given-encoder.ts';
import { withEncoder } from '../encoder/with-encoder.ts';
import type { Invocation } from '../invocation.ts';
import { showWork } from '../output/show-work.ts';
import { UsageFault } from '../usage-fault.ts';
import { cardText } from './card-text.ts';

const PURPOSES = ['love', 'defect'] as const satisfies readonly TrainedPurpose[];

const kinds = z.string().transform((text) => text.split(',').map((kind) => kind.trim()));

const input = z.object({
  purpose: z.enum(PURPOSES),
  positive: kinds.optional(),
  negative: kinds.optional(),
  name: z.string().optional(),
  seed: z.coerce.number('a whole number').optional(),
  encoder: z.string().optional(),
  card: z.string().optional(),
});

export function trainCommand(cli: Cli): Command {
  return new Command('train')
    .summary('learn which answers are loved, or which turns failed')
    .description(
      'Trains a reward model on the log so far, judges it on the last of it in time, and keeps its file and card.\n' +
        'love: how likely an answer is loved, from reactions; reads nothing later than the answer.\n' +
        'defect: how likely a turn failed, from outcomes, ratings and reactions; reads what the user said and did next, and is held against the rules of sessions.\n' +
        'Nothing goes live by it: `heed models MODEL live` does that, and only where every gate was passed.',
    )
    .addArgument(new Argument('<purpose>', 'what the model is of').choices(PURPOSES))
    .option(
      '--positive <kinds>',
      `kinds that are positive, of defect that say it failed, with commas (default: ${byPurpose('positive')})`,
    )
    .option(
      '--negative <kinds>',
      `kinds that are negative (default: ${byPurpose('negative')}); of love, without any, turns that a user who reacts left without a reaction are`,
    )
    .option('--name <name>', 'a name of its own, for a second model beside the first (default: the purpose)')
    .option('--seed <number>', 'the same log and seed give the same file (default: 0)')
    .option(
      '--encoder <directory>',
      'a sentence encoder in ONNX that reads request and answer too (default: native, which needs none)',
    )
    .option('--card <file>', 'write the card there, as a page to read')
    .addHelpText(
      'after',
      `
Examples:
  heed train love
  heed train love --positive thumbs-up --negative thumbs-down --card card.html
  heed train love --positive love --name love-search
  heed train love --encoder ./all-MiniLM-L6-v2
  heed train defect --positive outcome.failed --negative outcome.served`,
    )
    .action(
      action(cli, input, async (invocation, { purpose, encoder: directory, card: page, ...options }) => {
        const encoder = await givenEncoder(invocation.shell, directory);
        const request = requestOf(purpose, { ...options, ...(encoder && { encoder: encoder.version }) });
        const card = await withEncoder(invocation, encoder, (heed) =>
          showWork(invocation.shell.stderr, (onProgress) =>
            heed.work(`/v1/train/${purpose}`, request, modelCard, onProgress),
          ),
        );
        if (page !== undefined) await writePage(invocation, page, cardPage(card));
        const written = page === undefined ? '' : `\n\nThe card is in ${page}.`;
        return { json: card, text: `${cardText(card)}${written}` };
      }),
    );
}

/** What a training goes by without a word, of each purpose that has any. */
function byPurpose(kinds: 'positive' | 'negative'): string {
  return PURPOSES.flatMap((purpose) => {
    const usual = TRAINED_PURPOSES[purpose].rules[kinds];
    return usual.length === 0 ? [] : `${purpose}: ${usual.join(',')}`;
  }).join('; ');
}

function requestOf(
  purpose: TrainedPurpose,
  { positive, negative, name, seed, encoder }: Omit<z.infer<typeof input>, 'card' | 'purpose'>,
): TrainRequest {
  const request = trainRequests[purpose].safeParse({
    ...(positive && { positive }),
    ...(negative && { negative }),
    ...(name !== undefined && { name }),
    ...(seed !== undefined && { seed }),
    ...(encoder !== undefined && { encoder }),
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
