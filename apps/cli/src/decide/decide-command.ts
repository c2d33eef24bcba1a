import { decideResponse, type DecideRequest, type DecideResponse } from '@heed/contract';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';

const input = z.object({ text: z.string(), session: z.string().optional(), user: z.string().optional() });

export function decideCommand(cli: Cli): Command {
  return new Command('decide')
    .summary('what the runtime would do with a request')
    .description(
      'Asks for the decision on one request, answered from the signed bundle alone, as an application gets it.',
    )
    .argument('<text>', 'the request as a user types it')
    .option('--session <id>', 'the session it belongs to')
    .option('--user <id>', 'who asks: decides whether a canary reaches them')
    .addHelpText('after', '\nExample:\n  heed decide "play maj and dragons" --tenant demo')
    .action(
      action(cli, input, async (invocation, { text, session, user }) => {
        const request: DecideRequest = {
          text,
          ...(session !== undefined && { session }),
          ...(user !== undefined && { user }),
        };
        const decision = await withService(invocation, (heed) =>
          heed.send('POST', '/v1/decide', request, decideResponse),
        );
        return { json: decision, text: decisionText(decision) };
      }),
    );
}

function decisionText({ request, rewrite, fix, bundle }: DecideResponse): string {
  const by = `bundle ${bundle.slice(0, 12)}`;
  if (rewrite === null) return `${request}\n  is left as it is (${by})`;
  return `${request}\n  becomes: ${rewrite}\n  by ${fix ?? 'no fix'} (${by})`;
}
