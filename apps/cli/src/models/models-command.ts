import { MODEL_ACTIONS, modelAction, modelList, modelView } from '@heed/contract';
import { Argument, Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { UsageFault } from '../usage-fault.ts';
import { modelListText, modelText } from './model-text.ts';

const input = z.object({
  id: z.string().min(1, 'an id').optional(),
  action: modelAction.optional(),
  who: z.string().min(1, 'a name').optional(),
  why: z.string().optional(),
});

export function modelsCommand(cli: Cli): Command {
  return new Command('models')
    .summary('list, explain and move reward models')
    .description(
      'Without an id lists the models; with an id or a name shows one, what its gates said and its history; with an action moves it.\n' +
        'Of a name one model is live. A model that a gate refused, or that is stale, cannot go live.',
    )
    .argument('[id]', 'a model, as `heed train` printed it; to look at one, its name will do')
    .addArgument(new Argument('[action]', 'where to move it').choices(MODEL_ACTIONS))
    .option('--why <reason>', 'kept in the history of the model')
    .option('--who <name>', 'who decided (default: the name you are logged in as)')
    .addHelpText(
      'after',
      `
Examples:
  heed models
  heed models love
  heed models love-9f86d081884c7d65 live --why "read the card"`,
    )
    .action(
      action(cli, input, (invocation, { id, action: move, who, why }) =>
        withService(invocation, async (heed) => {
          if (id === undefined) {
            const list = await heed.get('/v1/models', modelList);
            return { json: list, text: modelListText(list.models) };
          }
          const path = `/v1/models/${encodeURIComponent(id)}`;
          if (move === undefined && (why !== undefined || who !== undefined)) throw noAction(id);
          const request = { who: who ?? invocation.shell.userName, ...(why !== undefined && { why }) };
          const model =
            move === undefined
              ? await heed.get(path, modelView)
              : await heed.send('POST', `${path}/${move}`, request, modelView);
          return { json: model, text: modelText(model) };
        }),
      ),
    );
}

function noAction(id: string): UsageFault {
  return new UsageFault(
    '--who and --why go with an action',
    `Say where to move it: heed models ${id} ${MODEL_ACTIONS.join(' | ')}.`,
  );
}
