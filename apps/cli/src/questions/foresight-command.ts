import { foresightRequest } from '@heed/contract';
import { foresightAnswer } from '@heed/rewards';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { EXIT } from '../exit-codes.ts';
import { ask, requestOf } from './ask.ts';
import { fileLines } from './file-lines.ts';
import { foresightText } from './foresight-text.ts';

const input = z.object({ model: z.string().min(1, 'an id or a name'), prompts: z.string().optional() });

const LINE =
  '{"policy": "small-2", "context": [{"role": "user", "text": "play jazz"}], "response": "Here you are."}';

export function foresightCommand(cli: Cli): Command {
  return new Command('foresight')
    .summary('whether what a model predicts of policies comes true')
    .description(
      'Holds what a model says of the answers of past policies against how many of their answers users loved.\n' +
        'A policy is what response.model of a turn names. The exit code is 3 where those predicted to be loved more were loved less.',
    )
    .argument('<model>', 'the id of a model, or a name: the live one, else the last')
    .option(
      '--prompts <file>',
      'what each policy answers to the same prompts, to predict on, one answer a line; - is standard input',
    )
    .addHelpText(
      'after',
      `
A line of the file:
  ${LINE}

Examples:
  heed foresight love
  heed foresight love --prompts answers.jsonl --json`,
    )
    .action(
      action(cli, input, async (invocation, { model, prompts }) => {
        const lines = prompts === undefined ? undefined : await fileLines(invocation.shell, prompts, LINE);
        const request =
          lines === undefined
            ? {}
            : requestOf(
                foresightRequest,
                { answers: lines.values },
                { lines: { ...lines, field: 'answers' } },
              );
        const answer = await ask(invocation, model, 'foresight', request, foresightAnswer);
        const isContrary = answer.answered && (answer.interval?.high ?? 0) < 0;
        return {
          json: answer,
          text: foresightText(answer),
          code: isContrary ? EXIT.refused : EXIT.done,
        };
      }),
    );
}
