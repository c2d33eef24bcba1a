import { mineReport, mineRequest, UNLABELLED_ENDS, unlabelledEnds, type MineRequest } from '@heed/contract';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { showWork } from '../output/show-work.ts';
import { gatesOf } from './gate-option.ts';
import { mineText } from './mine-text.ts';

const WEIGHT = 'a number above 0, at most 1';

const input = z.object({
  since: mineRequest.shape.since,
  until: mineRequest.shape.until,
  gate: z.array(z.string()).default([]),
  unlabelled: unlabelledEnds.optional(),
  decay: z.coerce.number(WEIGHT).gt(0, WEIGHT).max(1, WEIGHT).optional(),
  dryRun: z.boolean().default(false),
});

export function mineCommand(cli: Cli): Command {
  return new Command('mine')
    .summary('find what users say instead, and propose it as fixes')
    .description(
      'Mines the sessions for requests that users had to say again, and proposes what works instead.',
    )
    .option('--since <day>', 'first UTC day of session ends, YYYY-MM-DD')
    .option('--until <day>', 'end of the window: before this UTC day, which is not included')
    .option(
      '--gate <name=value...>',
      'another threshold for a gate: sessions, users, lowerBound, similarity, exploration',
    )
    .addOption(
      new Option('--unlabelled <choice>', 'how sessions count that end with nothing said').choices(
        UNLABELLED_ENDS,
      ),
    )
    .option('--decay <weight>', 'weight of a day against the day after it, 0 to 1')
    .option('--dry-run', 'report only, propose nothing')
    .addHelpText(
      'after',
      `
Examples:
  heed mine
  heed mine --since 2026-03-01 --gate sessions=20 --gate users=5
  heed mine --unlabelled success     for logs that say nothing about how sessions ended`,
    )
    .action(
      action(cli, input, async (invocation, options) => {
        const report = await withService(invocation, (heed) =>
          showWork(invocation.shell.stderr, (onProgress) =>
            heed.work('/v1/mine', requestOf(options), mineReport, onProgress),
          ),
        );
        return { json: report, text: mineText(report, options.unlabelled) };
      }),
    );
}

function requestOf({ since, until, gate, unlabelled, decay, dryRun }: z.infer<typeof input>): MineRequest {
  return {
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(gate.length > 0 && { gates: gatesOf(gate) }),
    ...(unlabelled !== undefined && { unlabelledEnds: unlabelled }),
    ...(decay !== undefined && { decayPerDay: decay }),
    ...(dryRun && { dryRun }),
  };
}
