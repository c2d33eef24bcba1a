import { MODEL_ACTIONS, modelAction, modelList, modelView } from '@heed/contract';
import { Argument, Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { UsageFault } from '../usage-fault.ts';
import { modelListText, modelText } from './model-text.ts';
import { modelToMove } from './model-to-move.ts';

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
        'Of a name one model is live: `retire` takes that one, `live` the one trained since that waits.\n' +
        'A model that a gate refused, or that is stale, cannot go live.',
    )
    .argument('[id]', 'a model, as `heed train` printed it; its name will do where that says which')
    .addArgument(new Argument('[action]', 'where to move it').choices(MODEL_ACTIONS))
    .option('--why <reason>', 'kept in the history of the model')
    .option('--who <name>', 'who decided (default: the name you are logged in as)')
    .addHelpText(
      'after',
      `
Examples:
  heed models
  heed models love
  heed models love live
  heed models love-9f86d081884c7d65 live --why "read the card"`,
    )
    .action(
      action(cli, input, (invocation, { id, action: move, who, why }) =>
        withService(invocation, async (heed) => {
          if (id === undefined) {
            const list = await heed.get('/v1/models', modelList);
            return { json: list, text: modelListText(list.models) };
          }
          if (move === undefined && (why !== undefined || who !== undefined)) throw noAction(id);
          const request = { who: who ?? invocation.shell.userName, ...(why !== undefined && { why }) };
          if (move === undefined) {
            const model = await heed.get(pathOf(id), modelView);
            return { json: model, text: modelText(model) };
          }
          const { models } = await heed.get('/v1/models', modelList);
          const path = `${pathOf(modelToMove(models, id, move))}/${move}`;
          const model = await heed.send('POST', path, request, modelView);
          return { json: model, text: modelText(model) };
        }),
      ),
    );
}

function pathOf(model: string): string {
  return `/v1/models/${encodeURIComponent(model)}`;
}

function noAction(id: string): UsageFault {
  return new UsageFault(
    '--who and --why go with an action',
    `Say where to move it: heed models ${id} ${MODEL_ACTIONS.join(' | ')}.`,
  );
}
