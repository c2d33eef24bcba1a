import { modelDrift } from '@heed/rewards';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { EXIT } from '../exit-codes.ts';
import { showWork } from '../output/show-work.ts';
import { driftText } from './drift-text.ts';

const input = z.object({ model: z.string().min(1, 'an id or a name') });

export function driftCommand(cli: Cli): Command {
  return new Command('drift')
    .summary('whether a model still holds')
    .description(
      'Holds the latest turns against those that a model was trained on, and counts the reactions behind it that were taken back since.\n' +
        'Where either is too much the model is marked stale with the reason, and the exit code is 3.',
    )
    .argument('<model>', 'the id of a model, or a name: the live one, else the last')
    .addHelpText(
      'after',
      `
Examples:
  heed drift love
  heed drift love-9f86d081884c7d65 --json`,
    )
    .action(
      action(cli, input, async (invocation, { model }) => {
        const drift = await withService(invocation, (heed) =>
          showWork(invocation.shell.stderr, (onProgress) =>
            heed.work(
              `/v1/train/models/${encodeURIComponent(model)}/drift`,
              undefined,
              modelDrift,
              onProgress,
            ),
          ),
        );
        const holds = drift.verdict !== 'stale' && !drift.takenBack.isStale;
        return { json: drift, text: driftText(drift), code: holds ? EXIT.done : EXIT.refused };
      }),
    );
}
