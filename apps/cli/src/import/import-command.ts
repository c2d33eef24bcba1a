import { Command, Option } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageFault } from '../usage-fault.ts';
import { FORMATS } from './detect-format.ts';
import { importFiles } from './import-files.ts';
import { importText } from './import-text.ts';
import { openInput } from './open-input.ts';
import { readMappingOption } from './read-mapping-option.ts';
import { sessionGapMs } from './session-gap.ts';

const input = z.object({
  file: z.array(z.string()).min(1),
  format: z.enum(FORMATS).optional(),
  map: z.string().optional(),
  sessionGap: z.string().optional(),
});

export function importCommand(cli: Cli): Command {
  return new Command('import')
    .summary('bring a log in')
    .description(
      'Brings logs in: CloudEvents as they are, anything else through a mapping. Files may be gzip or zstd.\n' +
        'An import that was cut off goes on where it stopped when it is run again; no event comes in twice.',
    )
    .argument('<file...>', 'files to read; - is standard input')
    .addOption(
      new Option(
        '--format <format>',
        'how they are laid out (default: told by mapping, name, content)',
      ).choices(FORMATS),
    )
    .option(
      '--map <mapping>',
      'how records become events: a mapping in a file, or one that comes with Heed, such as excite',
    )
    .option(
      '--session-gap <time>',
      'idle time that ends a session, where the log has none of its own (default: 30m)',
    )
    .addHelpText(
      'after',
      `
Examples:
  heed import events.jsonl.gz
  heed import chats.csv --map chats-mapping.json
  heed import excite.log --map excite --session-gap 20m
  zcat old/*.gz | heed import - --format cloudevents`,
    )
    .action(
      action(cli, input, async (invocation, { file, format, map, sessionGap }) => {
        if (map !== undefined && format === 'cloudevents') {
          throw new UsageFault(
            '--map goes with records that are no CloudEvents',
            'Leave out --map or --format cloudevents.',
          );
        }
        const { shell, tenant } = invocation;
        const mapping = map === undefined ? undefined : await readMappingOption(shell, map);
        const gapMs = sessionGap === undefined ? undefined : sessionGapMs(sessionGap);
        const inputs = await Promise.all(file.map((name) => openInput(shell, name)));
        const plan = { tenant, format, mapping, gapMs };
        const report = await withService(invocation, (heed) => importFiles(heed, inputs, plan, shell.stderr));
        const code = report.unreadable.length > 0 ? EXIT.failed : EXIT.done;
        return { json: report, text: importText(report), code };
      }),
    );
}
