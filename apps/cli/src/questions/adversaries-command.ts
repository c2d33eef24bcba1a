import { adversariesRequest } from '@heed/contract';
import { adversariesAnswer } from '@heed/rewards';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { adversariesText } from './adversaries-text.ts';
import { ask, requestOf } from './ask.ts';
import { numberList } from './number-list.ts';

const input = z.object({
  model: z.string().min(1, 'an id or a name'),
  shares: numberList.optional(),
  containing: z.string().optional(),
});

export function adversariesCommand(cli: Cli): Command {
  return new Command('adversaries')
    .summary('who can move a model, and how far')
    .description(
      'Has some users love one kind of answer on purpose, learns again from a part of the log with them in it, and says how far the\n' +
        'model then moves, with the caps on bursts and on single users and without them.',
    )
    .argument('<model>', 'the id of a model, or a name: the live one, else the last')
    .option('--shares <shares>', 'of users who are adversaries, with commas (default: 0.001,0.01,0.05)')
    .option(
      '--containing <text>',
      'they love answers with this text in them (default: those that the model thinks least of)',
    )
    .addHelpText(
      'after',
      `
Examples:
  heed adversaries love
  heed adversaries love --shares 0.02,0.1 --containing "buy now"`,
    )
    .action(
      action(cli, input, async (invocation, { model, shares, containing }) => {
        const request = requestOf(adversariesRequest, { shares, containing });
        const answer = await ask(invocation, model, 'adversaries', request, adversariesAnswer);
        return { json: answer, text: adversariesText(answer) };
      }),
    );
}
