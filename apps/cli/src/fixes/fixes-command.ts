import { FIX_ACTIONS, fixAction, fixList, fixView } from '@heed/contract';
import { Argument, Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { UsageFault } from '../usage-fault.ts';
import { fixListText, fixText } from './fix-text.ts';

const input = z.object({
  id: z.string().min(1, 'an id').optional(),
  action: fixAction.optional(),
  who: z.string().min(1, 'a name').optional(),
  why: z.string().optional(),
});

export function fixesCommand(cli: Cli): Command {
  return new Command('fixes')
    .summary('list, explain and move fixes')
    .description(
      'Without an id lists the fixes; with one shows its evidence and history; with an action moves it.\n' +
        'A fix goes proposed -> vetted (approve) -> canary -> live -> retired, or is blocked.',
    )
    .argument('[id]', 'a fix, as `heed mine` printed it')
    .addArgument(new Argument('[action]', 'where to move it').choices(FIX_ACTIONS))
    .option('--why <reason>', 'kept in the history of the fix')
    .option('--who <name>', 'who decided (default: the name you are logged in as)')
    .addHelpText(
      'after',
      `
Examples:
  heed fixes
  heed fixes fix-3f9a live --why "read 20 of the sessions"
  heed fixes fix-3f9a retire --why "the new catalogue has it"`,
    )
    .action(
      action(cli, input, (invocation, { id, action: move, who, why }) =>
        withService(invocation, async (heed) => {
          if (id === undefined) {
            const list = await heed.get('/v1/fixes', fixList);
            return { json: list, text: fixListText(list.fixes) };
          }
          const path = `/v1/fixes/${encodeURIComponent(id)}`;
          if (move === undefined && (why !== undefined || who !== undefined)) throw noAction(id);
          const request = { who: who ?? invocation.shell.userName, ...(why !== undefined && { why }) };
          const fix =
            move === undefined
              ? await heed.get(path, fixView)
              : await heed.send('POST', `${path}/${move}`, request, fixView);
          return { json: fix, text: fixText(fix) };
        }),
      ),
    );
}

function noAction(id: string): UsageFault {
  return new UsageFault(
    '--who and --why go with an action',
    `Say where to move it: heed fixes ${id} ${FIX_ACTIONS.join(' | ')}.`,
  );
}
