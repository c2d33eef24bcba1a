import { join } from 'node:path';
import { Command } from 'commander';
import type { Cli } from '../command-action.ts';
import { globalOptions } from '../invocation.ts';
import { runProgram } from '../run-program.ts';

export function benchCommand(cli: Cli): Command {
  return new Command('bench')
    .summary('measure Heed beside a reference in the same run')
    .description(
      'Prints our figure, the reference of the same run, and the ratio. Without a name lists the benchmarks.',
    )
    .argument('[name]', 'which one')
    .argument('[args...]', 'for the benchmark itself')
    .allowUnknownOption()
    .addHelpText('after', '\nExamples:\n  heed bench\n  heed bench validate --json')
    .action(
      async (name: string | undefined, rest: readonly string[], _options: unknown, command: Command) => {
        const { json } = globalOptions.parse(command.optsWithGlobals());
        const args = [...(name === undefined ? [] : [name]), ...rest, ...(json ? ['--json'] : [])];
        cli.finish(await runProgram(join(cli.shell.programs, 'bench.js'), args));
      },
    );
}
