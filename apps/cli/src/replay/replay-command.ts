import { replayReport, type ReplayReport } from '@heed/contract';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { EXIT } from '../exit-codes.ts';
import { count, counted, duration } from '../output/numbers.ts';
import { showWork } from '../output/show-work.ts';
import { table, type Column } from '../output/table.ts';

const input = z.object({ verify: z.boolean().default(false) });

export function replayCommand(cli: Cli): Command {
  return new Command('replay')
    .summary('rebuild the warehouse from the log')
    .description('Rebuilds the warehouse from the event log, which is the truth.')
    .option('--verify', 'build it beside the live one and compare every table row for row; changes nothing')
    .action(
      action(cli, input, async (invocation, { verify }) => {
        const report = await withService(invocation, (heed) =>
          showWork(invocation.shell.stderr, (onProgress) =>
            heed.work('/v1/replay', { verify }, replayReport, onProgress),
          ),
        );
        const unequal = report.tables.some(({ equal }) => equal === false);
        return { json: report, text: replayText(report), code: unequal ? EXIT.refused : EXIT.done };
      }),
    );
}

const columns: readonly Column<ReplayReport['tables'][number]>[] = [
  { title: 'table', of: ({ table: name }) => name },
  { title: 'rows', of: ({ rows }) => count(rows), align: 'right' },
  { title: '', of: ({ equal }) => (equal === null ? 'rebuilt' : equal ? 'equal' : 'NOT EQUAL') },
];

function replayText({ events, tables, notOfTheLog, otherwiseJudged, seconds }: ReplayReport): string {
  const unequal = tables.filter(({ equal }) => equal === false).map(({ table: name }) => name);
  const verdict =
    unequal.length === 0
      ? ''
      : `\n\n${unequal.join(', ')}: the live warehouse differs from what the log gives. \`heed replay\` rebuilds it from the log.`;
  const kept =
    notOfTheLog.length === 0 ? '' : `\n\nNot of the log, and left as it is: ${notOfTheLog.join(', ')}.`;
  const judged =
    otherwiseJudged === 0
      ? ''
      : `\n\n${counted(otherwiseJudged, 'session')} did not get their outcomes by what decides those of new sessions now: the live model of failed turns, or the rules. They were compared as they were derived; \`heed replay\` derives them anew.`;
  return `${counted(events, 'event')} replayed in ${duration(seconds)}\n\n${table(tables, columns)}${kept}${judged}${verdict}`;
}
