import { objectivesRequest } from '@heed/contract';
import { objectivesAnswer } from '@heed/rewards';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { ask, requestOf } from './ask.ts';
import { fileLines } from './file-lines.ts';
import { namedNumbers } from './named-numbers.ts';
import { objectivesText } from './objectives-text.ts';

const input = z.object({
  model: z.string().min(1, 'an id or a name'),
  candidates: z.string(),
  weights: z.array(z.string()),
  constraint: z.array(z.string()).default([]),
  beta: z.coerce.number('a number').optional(),
});

const LINE =
  '{"prompt": "play jazz", "candidates": [{"text": "Here you are.", "reference": 0.6, "rewards": {"help": 0.7}}, {"text": "No.", "reference": 0.4, "rewards": {"help": 0.1}}]}';

export function objectivesCommand(cli: Cli): Command {
  return new Command('objectives')
    .summary('what several objectives would give together')
    .description(
      'Chooses among candidates by several objectives: drops what violates a constraint, then trades the weighted sum, in which love is\n' +
        'what a model says, against the distance from the current policy. A row for each weighting, and which of them another beats.\n' +
        'The exit code is 3 where the constraints leave a prompt nothing to give.',
    )
    .argument('<model>', 'the id of a model, or a name: the live one, else the last')
    .requiredOption(
      '--candidates <file>',
      'answers to choose from, a prompt a line; - is standard input. `reference` is how likely the current policy gives one: for all or for none',
    )
    .requiredOption(
      '--weights <name=number,...>',
      'what objectives weigh; a row each time it is given',
      collected,
    )
    .option('--constraint <name=least>', 'drop answers with less of it; may be given again', collected)
    .option('--beta <number>', 'what a nat of distance from the current policy costs (default: 0.1)')
    .addHelpText(
      'after',
      `
A line of the file:
  ${LINE}

Examples:
  heed objectives love --candidates pool.jsonl --weights help=1 --weights help=1,love=0.1 --weights help=1,love=0.3
  heed objectives love --candidates pool.jsonl --weights help=1,love=0.1 --constraint safe=0.9`,
    )
    .action(
      action(cli, input, async (invocation, { model, candidates, weights, constraint, beta }) => {
        const weightings = weights.map((row) => namedNumbers('weights', row));
        const constraints = constraint.flatMap((one) =>
          Object.entries(namedNumbers('constraint', one)).map(([objective, atLeast]) => ({
            objective,
            atLeast,
          })),
        );
        const lines = await fileLines(invocation.shell, candidates, LINE);
        const request = requestOf(
          objectivesRequest,
          { prompts: lines.values, weightings, constraints, beta },
          {
            lines: { ...lines, field: 'prompts' },
            options: { weightings: 'weights', constraints: 'constraint' },
          },
        );
        const answer = await ask(invocation, model, 'objectives', request, objectivesAnswer);
        return { json: answer, text: objectivesText(answer) };
      }),
    );
}

function collected(one: string, before: readonly string[] = []): readonly string[] {
  return [...before, one];
}
