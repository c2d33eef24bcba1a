import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  deadLetterList,
  deadLetterState,
  deadLetterView,
  ingestResult,
  redriveRequest,
  type RedriveRequest,
} from '@heed/contract';
import { Argument, Command, Option } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import type { HeedClient } from '../connect/heed-client.ts';
import { withService } from '../connect/with-service.ts';
import { EXIT } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import type { Outcome } from '../outcome.ts';
import type { Shell } from '../shell.ts';
import { UsageFault } from '../usage-fault.ts';
import { deadLetterListText, deadLetterText, redriveText } from './dead-letter-text.ts';

const COUNT = 'a whole number from 1';

const input = z.object({
  id: z.string().min(1, 'an id').optional(),
  action: z.literal('redrive').optional(),
  event: z.string().optional(),
  state: deadLetterState.default('open'),
  limit: z.coerce.number(COUNT).int(COUNT).min(1, COUNT).default(50),
});
type DeadLettersInput = z.infer<typeof input>;

export function deadLettersCommand(cli: Cli): Command {
  return new Command('dead-letters')
    .summary('look at events that were not taken, mend them, send them again')
    .description('Events that could not be taken are kept with their original bytes and the reason.')
    .argument('[id]', 'one of them, whole: its id, the beginning of it, or the id of its event')
    .addArgument(new Argument('[action]', 'send it again').choices(['redrive']))
    .option('--event <file>', 'with redrive: the corrected event to send in its place; - is standard input')
    .addOption(
      new Option(
        '--state <state>',
        'open ones, events that still wait for their turn, or those that were redriven',
      )
        .choices(deadLetterState.options)
        .default('open'),
    )
    .option('--limit <n>', 'how many to list, newest first', '50')
    .addHelpText(
      'after',
      `
Examples:
  heed dead-letters
  heed dead-letters 5f1c09d2a7be --json | jq -r .bytes > event.json     (mend event.json)
  heed dead-letters 5f1c09d2a7be redrive --event event.json
  heed dead-letters --state waiting`,
    )
    .action(
      action(cli, input, (invocation, given) =>
        withService(invocation, (heed) => answer(heed, invocation, given)),
      ),
    );
}

async function answer(heed: HeedClient, invocation: Invocation, given: DeadLettersInput): Promise<Outcome> {
  const { id, action: act, event, limit, state } = given;
  if (event !== undefined && act === undefined) {
    throw new UsageFault('--event goes with redrive', 'Write: heed dead-letters ID redrive --event FILE.');
  }
  if (id === undefined) {
    const list = await heed.get(`/v1/dead-letters?limit=${limit}&state=${state}`, deadLetterList);
    return { json: list, text: deadLetterListText(list, state) };
  }
  const path = `/v1/dead-letters/${encodeURIComponent(id)}`;
  if (act === undefined) {
    const letter = await heed.get(path, deadLetterView);
    return { json: letter, text: deadLetterText(letter) };
  }
  const request = event === undefined ? {} : await eventIn(invocation, event);
  const result = await heed.send('POST', `${path}/redrive`, request, ingestResult);
  return {
    json: result,
    text: redriveText(result),
    code: result.status === 'dead-lettered' ? EXIT.refused : EXIT.done,
  };
}

async function eventIn({ shell }: Invocation, file: string): Promise<RedriveRequest> {
  try {
    return redriveRequest.parse({ event: parsedJson(await textOf(shell, file)) });
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? 'it is not a JSON object'
        : error instanceof Error
          ? error.message
          : String(error);
    throw new UsageFault(`--event ${file}: ${why}`, 'It has to hold one CloudEvent as a JSON object.');
  }
}

async function textOf({ stdin, cwd }: Shell, file: string): Promise<string> {
  if (file !== '-') return readFile(resolve(cwd, file), 'utf8');
  const pieces: Uint8Array[] = [];
  for await (const piece of stdin) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function parsedJson(text: string): unknown {
  return JSON.parse(text);
}
