import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { scoreLogRequest } from '@heed/contract';
import type { EncoderFolder } from '@heed/onnx';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { givenEncoder } from '../encoder/given-encoder.ts';
import { withEncoder } from '../encoder/with-encoder.ts';
import { EXIT } from '../exit-codes.ts';
import { openInput } from '../import/open-input.ts';
import { jsonLines } from '../import/read/json-lines.ts';
import type { Invocation } from '../invocation.ts';
import { counted } from '../output/numbers.ts';
import { scoreByFile, scoreByService, type ScoreTurns } from './score-turns.ts';
import { UsageFault } from '../usage-fault.ts';
import { scoreLines } from './score-lines.ts';
import { scoreLog, scoreLogText } from './score-log.ts';

const input = z.object({
  model: z.string().min(1, 'a file, an id or a name'),
  input: z.string().optional(),
  log: z.boolean().default(false),
  encoder: z.string().optional(),
  ...scoreLogRequest.shape,
});

/** A turn may have long texts; one that is longer than this is no turn. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;

export function scoreCommand(cli: Cli): Command {
  return new Command('score')
    .summary('how likely answers are loved, or turns failed')
    .description(
      'Reads one turn a line, {"context": [{"role", "text"}], "response"}, and writes a line for each in the same order: {"score", "logit"}.\n' +
        'A defect model also reads what came after: "next" (the user\'s next words), "behaviour" (kinds of behaviour events), "pauseMs", "dwellMs" and "turnsBefore".\n' +
        'A line that cannot be scored gets {"line", "problem"} in its place; the rest goes on, and the exit code is 1.\n' +
        'With --log it has the service score the turns of its log and keep the scores; those that were scored before are passed over.',
    )
    .argument('<model>', 'a model file, or the id or name of a model that is live')
    .option('--input <file>', 'the turns; - is standard input, and what is read without a word')
    .option('--log', 'score the turns of the log, by a model that is live')
    .option('--since <day>', 'with --log: first UTC day of session ends, YYYY-MM-DD')
    .option('--until <day>', 'with --log: before this UTC day, which is not included')
    .option('--encoder <directory>', 'the sentence encoder that the model was trained beside')
    .addHelpText(
      'after',
      `
Examples:
  heed score love.onnx < answers.jsonl > scores.jsonl
  heed score love.onnx --encoder ./all-MiniLM-L6-v2 < answers.jsonl
  heed score love --input answers.jsonl --tenant demo
  heed score love --log --since 2026-03-01
  echo '{"context": [], "response": "Playing polka.", "next": "no, jazz", "behaviour": ["regenerated"]}' | heed score defect`,
    )
    .action(
      action(
        cli,
        input,
        async (invocation, { model, input: from, log, encoder: directory, since, until }) => {
          const { shell } = invocation;
          checkOptions(model, {
            log,
            input: from !== undefined,
            window: since !== undefined || until !== undefined,
          });
          const encoder = await givenEncoder(shell, directory);
          if (log) {
            const report = await scoreLog(invocation, model, encoder, {
              ...(since !== undefined && { since }),
              ...(until !== undefined && { until }),
            });
            return { json: report, text: scoreLogText(report) };
          }
          const turns = jsonLines((await openInput(shell, from ?? '-')).bytes(), MOST_LINE_BYTES);
          const { scored, failed } = await withScorer(invocation, model, encoder, (score) =>
            scoreLines(turns, score, shell.stdout),
          );
          const not = failed === 0 ? '' : `, ${counted(failed, 'line')} could not be`;
          shell.stderr.write(`heed: ${counted(scored, 'turn')} scored${not}\n`);
          return { streamed: true, code: failed === 0 ? EXIT.done : EXIT.failed };
        },
      ),
    );
}

/** Throws UsageFault where options go against each other. */
function checkOptions(
  model: string,
  { log, input: given, window }: { readonly log: boolean; readonly input: boolean; readonly window: boolean },
): void {
  if (log && given) throw new UsageFault('--log and --input exclude each other', 'Give one of them.');
  if (log && namesFile(model))
    throw new UsageFault(
      'the log is scored by a model of the service, not by a file',
      'Give the id or name of a model that is live (heed models).',
    );
  if (!log && window)
    throw new UsageFault('--since and --until choose turns of the log', 'Add --log, or leave them out.');
}

/** A file is scored with here, whether a service runs or not; anything else is asked of the service. */
function withScorer<T>(
  invocation: Invocation,
  model: string,
  encoder: EncoderFolder | undefined,
  work: (score: ScoreTurns) => Promise<T>,
): Promise<T> {
  const path = resolve(invocation.shell.cwd, model);
  if (namesFile(model) || isFile(path)) return scoreByFile(path, encoder, work);
  return withEncoder(invocation, encoder, (heed) => work(scoreByService(heed, model)));
}

/** A folder that is called as a model is, such as the one it was worked at in, is none. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}

/** Ids and names of models have neither dots nor slashes. */
function namesFile(model: string): boolean {
  return /[./\\]/.test(model);
}
