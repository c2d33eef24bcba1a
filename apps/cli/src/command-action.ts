import { Command } from 'commander';
import type { z } from 'zod';
import { EXIT } from './exit-codes.ts';
import { globalOptions, invocationOf, type Invocation } from './invocation.ts';
import type { Outcome, Streamed } from './outcome.ts';
import type { Shell } from './shell.ts';
import { UsageFault } from './usage-fault.ts';

/** One run of the program: the shell it runs in, and where a command leaves its exit code. */
export interface Cli {
  readonly shell: Shell;
  finish(code: number): void;
}

/**
 * A commander action out of a command's work: arguments and options are parsed by the command's own schema (arguments under
 * the names they have in the help), and the outcome is printed as the one JSON document or as text.
 */
export function action<Input>(
  cli: Cli,
  schema: z.ZodType<Input>,
  work: (invocation: Invocation, input: Input) => Promise<Outcome | Streamed>,
): (...parameters: unknown[]) => Promise<void> {
  return async (...parameters) => {
    const command = parameters.at(-1);
    if (!(command instanceof Command)) throw new TypeError('commander passes the command last');
    const given = givenTo(command);
    const invocation = invocationOf(cli.shell, parsed(globalOptions, given, command));
    const outcome = await work(invocation, parsed(schema, given, command));
    if (!('streamed' in outcome))
      cli.shell.stdout.write(
        invocation.json ? `${JSON.stringify(outcome.json)}\n` : `${outcome.text.trimEnd()}\n`,
      );
    cli.finish(outcome.code ?? EXIT.done);
  };
}

function givenTo(command: Command): Record<string, unknown> {
  const given: Record<string, unknown> = command.optsWithGlobals();
  command.registeredArguments.forEach((argument, index) => {
    given[argument.name()] = command.processedArgs[index];
  });
  return given;
}

function parsed<Output>(schema: z.ZodType<Output>, given: unknown, command: Command): Output {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0] ?? '');
  const isArgument = command.registeredArguments.some((argument) => argument.name() === name);
  throw new UsageFault(
    `${isArgument ? name : flagOf(name)}: expected ${issue?.message ?? 'something else'}`,
    'Run the command with --help to see what it takes.',
  );
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
