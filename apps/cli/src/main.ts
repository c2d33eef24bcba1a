import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runCli } from './run-cli.ts';

// Built, this file lies beside the programs it starts; run from its source, they are in the checkout's dist folder.
const programs = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/' : './', import.meta.url);

// `heed mine | head` closes the pipe when it has seen enough: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  userName: userName(),
  programs: fileURLToPath(programs),
});

/** The name is unknown to the system when a container runs under a bare user number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? 'unknown';
  }
}
