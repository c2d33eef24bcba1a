import { Command, type CommanderError } from 'commander';
import { benchCommand } from './bench/bench-command.ts';
import { bundleCommand } from './bundle/bundle-command.ts';
import type { Cli } from './command-action.ts';
import { deadLettersCommand } from './dead-letters/dead-letters-command.ts';
import { decideCommand } from './decide/decide-command.ts';
import { demoCommand } from './demo/demo-command.ts';
import { doctorCommand } from './doctor/doctor-command.ts';
import { driftCommand } from './drift/drift-command.ts';
import { eraseCommand } from './erase/erase-command.ts';
import { erasuresCommand } from './erase/erasures-command.ts';
import { evaluateCommand } from './evaluate/evaluate-command.ts';
import { fixesCommand } from './fixes/fixes-command.ts';
import { importCommand } from './import/import-command.ts';
import { keysCommand } from './keys/keys-command.ts';
import { mineCommand } from './mine/mine-command.ts';
import { modelsCommand } from './models/models-command.ts';
import { adversariesCommand } from './questions/adversaries-command.ts';
import { foresightCommand } from './questions/foresight-command.ts';
import { gamingCommand } from './questions/gaming-command.ts';
import { objectivesCommand } from './questions/objectives-command.ts';
import { replayCommand } from './replay/replay-command.ts';
import { retentionCommand } from './retention/retention-command.ts';
import { scoreCommand } from './score/score-command.ts';
import { startCommand } from './start/start-command.ts';
import { trainCommand } from './train/train-command.ts';

const COMMANDS = [
  startCommand,
  importCommand,
  mineCommand,
  fixesCommand,
  decideCommand,
  bundleCommand,
  trainCommand,
  evaluateCommand,
  driftCommand,
  foresightCommand,
  adversariesCommand,
  gamingCommand,
  objectivesCommand,
  modelsCommand,
  scoreCommand,
  deadLettersCommand,
  doctorCommand,
  eraseCommand,
  erasuresCommand,
  keysCommand,
  replayCommand,
  retentionCommand,
  demoCommand,
  benchCommand,
];

/** The whole command line. It never ends the process: what commander would exit for is thrown as a CommanderError. */
export function createProgram(cli: Cli): Command {
  const program = new Command('heed')
    .description('Turns what users do after an answer into a better answer for the next user.')
    .option('--json', 'one JSON document on stdout and nothing else there; progress goes to stderr')
    .option('--tenant <name>', 'whose data (default: $HEED_TENANT, else "default")')
    .option('--url <url>', 'a running service (default: $HEED_URL)')
    .option('--key <key>', 'the key that opens it (default: $HEED_KEY)')
    .option(
      '--data <dir>',
      'a data folder: its service is found, or started for the command (default: $HEED_DATA, else ./heed-data)',
    )
    .helpCommand('help [command]', 'explain a command')
    .addHelpText('after', AFTER_HELP);
  for (const create of COMMANDS) program.addCommand(create(cli));
  for (const command of [program, ...withSubcommands(program)]) {
    command
      .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
      .configureOutput({
        writeOut: (text) => cli.shell.stdout.write(text),
        writeErr: (text) => cli.shell.stderr.write(text),
        getOutHelpWidth: () => cli.shell.stdout.columns ?? 100,
        getErrHelpWidth: () => cli.shell.stderr.columns ?? 100,
        outputError: (text, write) => write(text.replace(/^error: /, 'heed: ')),
      })
      .exitOverride((error) => rethrow(error, cli, program));
  }
  return program;
}

const AFTER_HELP = `
Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 a check or gate said no.

Examples:
  heed start                              run Heed here, with a demo to look at
  heed import log.csv --map mapping.json  bring a log in
  heed mine                               what users keep having to say again, and what works
  heed fixes FIX live                     serve it
  heed decide "play maj and dragons"      what the next user gets`;

function withSubcommands(command: Command): readonly Command[] {
  return command.commands.flatMap((sub) => [sub, ...withSubcommands(sub)]);
}

function rethrow(error: CommanderError, { shell }: Cli, program: Command): never {
  if (error.code === 'commander.unknownCommand') {
    shell.stderr.write(`  There are: ${program.commands.map((command) => command.name()).join(', ')}.\n`);
  }
  throw error;
}
