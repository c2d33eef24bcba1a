import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { EXIT } from '../exit-codes.ts';
import { openInput } from '../import/open-input.ts';
import { jsonLines } from '../import/read/json-lines.ts';
import type { Invocation } from '../invocation.ts';
import { counted } from '../output/numbers.ts';
import { scoreByFile, scoreByService, type ScoreTurns } from './score-turns.ts';
import { scoreLines } from './score-lines.ts';

const input = z.object({ model: z.string().min(1, 'a file, an id or a name'), input: z.string() });

/** A turn may have long texts; one that is longer than this is no turn. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;

export function scoreCommand(cli: Cli): Command {
  return new Command('score')
    .summary('how likely users are to love answers')
    .description(
      'Reads one turn a line, {"context": [{"role", "text"}], "response"}, and writes a line for each in the same order: {"score", "logit"}.\n' +
        'A line that cannot be scored gets {"line", "problem"} in its place; the rest goes on, and the exit code is 1.',
    )
    .argument('<model>', 'a model file, or the id or name of a model that is live')
    .option('--input <file>', 'the turns; - is standard input', '-')
    .addHelpText(
      'after',
      `
Examples:
  heed score love.onnx < answers.jsonl > scores.jsonl
  heed score love --input answers.jsonl --tenant demo`,
    )
    .action(
      action(cli, input, async (invocation, { model, input: from }) => {
        const { shell } = invocation;
        const turns = jsonLines((await openInput(shell, from)).bytes(), MOST_LINE_BYTES);
        const { scored, failed } = await withScorer(invocation, model, (score) =>
          scoreLines(turns, score, shell.stdout),
        );
        const not = failed === 0 ? '' : `, ${counted(failed, 'line')} could not be`;
        shell.stderr.write(`heed: ${counted(scored, 'turn')} scored${not}\n`);
        return { streamed: true, code: failed === 0 ? EXIT.done : EXIT.failed };
      }),
    );
}

/** A file is scored with here, whether a service runs or not; anything else is asked of the service. */
function withScorer<T>(
  invocation: Invocation,
  model: string,
  work: (score: ScoreTurns) => Promise<T>,
): Promise<T> {
  const path = resolve(invocation.shell.cwd, model);
  if (namesFile(model) || existsSync(path)) return scoreByFile(path, work);
  return withService(invocation, (heed) => work(scoreByService(heed, model)));
}

/** Ids and names of models have neither dots nor slashes. */
function namesFile(model: string): boolean {
  return /[./\\]/.test(model);
}
