import { doctorReport, type DoctorReport } from '@heed/contract';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { EXIT } from '../exit-codes.ts';
import { count } from '../output/numbers.ts';

export function doctorCommand(cli: Cli): Command {
  return new Command('doctor')
    .summary('versions, stores, disk, lag, and whether every event is accounted for')
    .description(
      'Checks the service and its stores, and counts that every accepted event is stored, dead-lettered or still to be read.\n' +
        'Exits with 3 when it is not.',
    )
    .action(
      action(cli, z.object({}), async (invocation) => {
        const report = await withService(invocation, (heed) => heed.get('/v1/doctor', doctorReport));
        return { json: report, text: doctorText(report), code: report.balanced ? EXIT.done : EXIT.refused };
      }),
    );
}

function doctorText({
  accepted,
  stored,
  waiting,
  deadLettered,
  redriven,
  expired,
  lag,
  balanced,
  problems,
  versions,
}: DoctorReport): string {
  const account =
    `accepted ${count(accepted)} = stored ${count(stored)}${ofWhich(waiting, 'waiting for their turn')}` +
    ` + dead letters ${count(deadLettered)}${ofWhich(redriven, 'redriven')}${expired === 0 ? '' : ` + expired ${count(expired)}`} + still to read ${count(lag)}` +
    `: ${balanced ? 'balanced' : 'NOT BALANCED'}`;
  const versionsText = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  const found =
    problems.length === 0
      ? 'No problems found.'
      : problems.map(({ what, do: remedy }) => `- ${what}\n  ${remedy}`).join('\n');
  return [account, versionsText, found].filter((part) => part !== '').join('\n\n');
}

function ofWhich(part: number, what: string): string {
  return part === 0 ? '' : ` (${count(part)} ${what})`;
}
