import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Fault } from '@heed/kernel';
import { evaluateModel, laterFigures, modelCard, type LaterFigures, type ModelCard } from '@heed/rewards';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { isSuccess, remoteFault, type HeedClient } from '../connect/heed-client.ts';
import { givenEncoder } from '../encoder/given-encoder.ts';
import { withEncoder } from '../encoder/with-encoder.ts';
import { whileScoring, type ModelReaders } from '../encoder/while-scoring.ts';
import { count, counted } from '../output/numbers.ts';
import { showWork } from '../output/show-work.ts';
import { figuresText, rulesText } from '../train/card-text.ts';
import { turnsInFile } from './turns-in-file.ts';

const input = z.object({
  model: z.string().min(1, 'an id or a name'),
  from: z.string().optional(),
  encoder: z.string().optional(),
});

export function evaluateCommand(cli: Cli): Command {
  return new Command('evaluate')
    .summary('how a model does on later turns')
    .description(
      'Judges a trained model on turns that came after those it rests on, or on the events in a file.\n' +
        'Examples are drawn by the rules in its card; those that it was trained on are left out and counted.',
    )
    .argument('<model>', 'the id of a model, or a name: the live one, else the last')
    .option('--from <file>', 'CloudEvents, one a line; - is standard input, .gz and .zst as they are')
    .option('--encoder <directory>', 'the sentence encoder that the model was trained beside')
    .addHelpText(
      'after',
      `
Examples:
  heed evaluate love
  heed evaluate love --from later.jsonl --json`,
    )
    .action(
      action(cli, input, async (invocation, { model: named, from, encoder: directory }) => {
        const encoder = await givenEncoder(invocation.shell, directory);
        const path = `/v1/train/models/${encodeURIComponent(named)}`;
        const figures = await withEncoder(invocation, encoder, async (heed) => {
          if (from === undefined) {
            return showWork(invocation.shell.stderr, (onProgress) =>
              heed.work(`${path}/evaluate`, undefined, laterFigures, onProgress),
            );
          }
          const card = await heed.get(`${path}/card`, modelCard);
          const turns = await turnsInFile(invocation.shell, from, card.features.reading);
          const bytes = await fileOf(heed, path, card);
          const model = {
            name: card.model,
            encoder,
            read: (by: ModelReaders) => by.checkedModel(bytes, card.model),
          };
          return whileScoring(model, (scorer) =>
            evaluateModel(turns, card, false, (some) => scorer.score(some)),
          );
        });
        return { json: figures, text: textOf(figures) };
      }),
    );
}

/** The file itself: it scores here as it does where it serves. */
async function fileOf(heed: HeedClient, path: string, { model, file }: ModelCard): Promise<Uint8Array> {
  const reply = await heed.request({ method: 'GET', path: `${path}/file` });
  if (!isSuccess(reply)) throw await remoteFault(reply);
  const bytes = await buffer(reply);
  if (createHash('sha256').update(bytes).digest('hex') !== file.sha256)
    throw new Fault(
      'model-damaged',
      `The file of ${model} did not come as it was written.`,
      'Run it again; if it happens again, train the model again.',
    );
  return bytes;
}

function textOf(figures: LaterFigures): string {
  const { trainedOn, straddling, rules } = figures;
  const others = straddling === 0 ? '' : `, and ${count(straddling)} more of their sessions`;
  const left = trainedOn === 0 ? '' : `; ${counted(trainedOn, 'turn')} it was trained on left out${others}`;
  const beside = rules === undefined ? '' : `\n\n${rulesText(rules)}\n${rules.says}`;
  return `${figures.model}${left}\n\n${figuresText(figures)}${beside}`;
}
