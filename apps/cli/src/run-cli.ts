import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { exitCodeOf, problemOf, type ToldProblem } from './failure.ts';
import { createProgram } from './program.ts';
import type { Shell } from './shell.ts';

/** Runs one command line (without node and script) and answers its exit code; throws nothing. */
export async function runCli(argv: readonly string[], shell: Shell): Promise<number> {
  let code: number = EXIT.done;
  const program = createProgram({ shell, finish: (exitCode) => (code = exitCode) });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    const json = argv.includes('--json');
    if (!(error instanceof CommanderError)) {
      shell.stderr.write(`heed: ${problemOf(error).title}\n  ${problemOf(error).remedy}\n`);
      if (json) writeProblem(shell, problemOf(error));
      return exitCodeOf(error);
    }
    if (error.exitCode === 0) return EXIT.done;
    // Commander has told a person already.
    if (json) writeProblem(shell, usageProblem(error));
    return EXIT.usage;
  }
}

function usageProblem({ message }: CommanderError): ToldProblem {
  const title = message.replace(/^error: /, '');
  return { code: 'wrong-usage', title, remedy: 'Run `heed --help`, or the command with --help.' };
}

function writeProblem(shell: Shell, problem: ToldProblem): void {
  shell.stdout.write(`${JSON.stringify({ problem })}\n`);
}
