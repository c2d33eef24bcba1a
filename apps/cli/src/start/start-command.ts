import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import type { Cli } from '../command-action.ts';
import { runProgram } from '../run-program.ts';
import { globalOptions, invocationOf } from '../invocation.ts';
import { UsageFault } from '../usage-fault.ts';

const input = globalOptions.extend({
  host: z.string().optional(),
  port: z.string().optional(),
  encoders: z.string().optional(),
  demo: z.boolean(),
});

export function startCommand(cli: Cli): Command {
  return new Command('start')
    .summary('run Heed on this machine, all in one process')
    .description(
      'Runs Heed with its embedded stores in the foreground until Ctrl-C. On an empty folder it plays a demo first.\n' +
        'With --json the first line is { url, dataDir, readyMs }.',
    )
    .option('--host <ip>', 'address to listen on (default: 127.0.0.1; 0.0.0.0 is all; others need keys)')
    .option('--port <n>', 'port to listen on (default: 8585; 0 takes a free one)')
    .option('--encoders <dirs>', 'directories of sentence encoders to train and score with, with commas')
    .option('--no-demo', 'play no demo on an empty folder')
    .addHelpText('after', '\nExamples:\n  heed start\n  heed start --data ./my-heed --port 9000 --no-demo')
    .action(async (_options: unknown, command: Command) => {
      const { json, host, port, encoders, demo, ...options } = input.parse(command.optsWithGlobals());
      const { service } = invocationOf(cli.shell, { ...options, json });
      if (service.kind === 'url' && options.url !== undefined) {
        throw new UsageFault(
          '`heed start` starts a service and takes no --url',
          'Say where with --data and --port.',
        );
      }
      const args = [
        ...(options.data === undefined ? [] : ['--data', options.data]),
        ...(host === undefined ? [] : ['--host', host]),
        ...(port === undefined ? [] : ['--port', port]),
        ...(encoders === undefined ? [] : ['--encoders', encoders]),
        ...(demo ? [] : ['--no-demo']),
        ...(json ? ['--json'] : []),
      ];
      cli.finish(await runProgram(join(cli.shell.programs, 'standalone.js'), args));
    });
}
