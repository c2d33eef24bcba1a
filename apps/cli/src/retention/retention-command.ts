import { retentionReport, retentionView, type RetentionReport, type RetentionView } from '@heed/contract';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { counted } from '../output/numbers.ts';
import { showWork } from '../output/show-work.ts';
import { UsageFault } from '../usage-fault.ts';

const DAYS = 'a whole number of days, from 1 to 36500';

const input = z.object({
  days: z.coerce.number(DAYS).int(DAYS).min(1, DAYS).max(36_500, DAYS).optional(),
  forever: z.boolean().default(false),
  who: z.string().min(1, 'a name').optional(),
});

export function retentionCommand(cli: Cli): Command {
  return new Command('retention')
    .summary("how long a tenant's data is kept")
    .description(
      "Shows, or says, how long the tenant's data is kept. A session goes as a whole, so many days after the last of its events\n" +
        'was received, and a dead letter so many days after it was; once a day, or at once with `apply`.',
    )
    .option('--days <n>', 'keep it for so many days')
    .option('--forever', 'keep it for ever; what is gone stays gone')
    .option('--who <name>', 'who decided (default: the name you are logged in as)')
    .action(
      action(cli, input, (invocation, { days, forever, who = invocation.shell.userName }) => {
        if (days !== undefined && forever)
          throw new UsageFault('--days and --forever exclude each other', 'Give one of them.');
        return withService(invocation, async (heed) => {
          const view =
            days === undefined && !forever
              ? await heed.get('/v1/retention', retentionView)
              : await heed.send('PUT', '/v1/retention', { days: days ?? null, who }, retentionView);
          return { json: view, text: viewText(view) };
        });
      }),
    )
    .addCommand(applyCommand(cli))
    .addHelpText(
      'after',
      `
Examples:
  heed retention --tenant shop --days 90
  heed retention apply --tenant shop`,
    );
}

function applyCommand(cli: Cli): Command {
  return new Command('apply').description('Removes now what is over. There is no way back.').action(
    action(cli, z.object({}), async (invocation) => {
      const report = await withService(invocation, (heed) =>
        showWork(invocation.shell.stderr, (onProgress) =>
          heed.work('/v1/retention/apply', {}, retentionReport, onProgress),
        ),
      );
      return { json: report, text: reportText(report) };
    }),
  );
}

function viewText({ tenant, days, isDefault, horizon, waiting }: RetentionView): string {
  const kept = days === null ? 'for ever' : `for ${counted(days, 'day')}`;
  return [
    `${tenant}: kept ${kept}${isDefault ? " (the service's setting)" : ''}`,
    ...(horizon === null ? [] : [`gone: sessions whose last event was received before ${horizon}`]),
    ...(waiting === null
      ? []
      : [
          `waiting: ${waiting} is further than it moves by itself; see that the clocks are right, then \`heed retention apply\``,
        ]),
  ].join('\n');
}

function reportText({ horizon, sessions, deadLetters, entries }: RetentionReport): string {
  if (horizon === null) return 'Nothing is over: nothing was removed.';
  return `${counted(sessions, 'session')} and ${counted(deadLetters, 'dead letter')} of before ${horizon} removed, ${counted(entries, 'entry', 'entries')} of the log`;
}
