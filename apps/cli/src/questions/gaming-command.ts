import { gamingRequest } from '@heed/contract';
import { gamingAnswer } from '@heed/rewards';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { EXIT } from '../exit-codes.ts';
import { ask, requestOf } from './ask.ts';
import { fileLines } from './file-lines.ts';
import { gamingText } from './gaming-text.ts';
import { numberList } from './number-list.ts';

const input = z.object({
  model: z.string().min(1, 'an id or a name'),
  candidates: z.string().optional(),
  weights: numberList.optional(),
  best: numberList.optional(),
});

const LINE =
  '{"prompt": "play jazz", "answers": [{"text": "Here you are.", "base": 0.7}, {"text": "Bye!", "base": 0.2}]}';

export function gamingCommand(cli: Cli): Command {
  return new Command('gaming')
    .summary('whether a policy that follows a model would game it')
    .description(
      'Has a policy answer what a model loves more and more, and watches signs that do not read the score: closing phrases, ends of\n' +
        'talks, repetition, likeness of answers, length. The exit code is 3 where one of them trips.',
    )
    .argument('<model>', 'the id of a model, or a name: the live one, else the last')
    .option(
      '--candidates <file>',
      "answers to choose from, a prompt a line, instead of the log's; - is standard input. `base` is what an answer is worth without the model: for all or for none",
    )
    .option(
      '--weights <weights>',
      'of the model, with commas (default: 0.1,0.3,1 beside a base, else 1,3,10)',
    )
    .option('--best <numbers>', 'of how many answers the best is given, with commas (default: 2,4,8)')
    .addHelpText(
      'after',
      `
A line of the file:
  ${LINE}

Examples:
  heed gaming love
  heed gaming love --candidates pool.jsonl --weights 0.1,0.3 --best 8`,
    )
    .action(
      action(cli, input, async (invocation, { model, candidates, weights, best }) => {
        const lines =
          candidates === undefined ? undefined : await fileLines(invocation.shell, candidates, LINE);
        const request = requestOf(
          gamingRequest,
          { pools: lines?.values, weights, best },
          lines && { lines: { ...lines, field: 'pools' } },
        );
        const answer = await ask(invocation, model, 'gaming', request, gamingAnswer);
        const trips = answer.answered && answer.first !== undefined;
        return { json: answer, text: gamingText(answer), code: trips ? EXIT.refused : EXIT.done };
      }),
    );
}
