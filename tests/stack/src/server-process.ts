import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Fault } from '@heed/kernel';
import { pauseProcess } from './pause-process.ts';

/** Enough of what it printed last to see why a server did not start. */
const linesKept = 40;

export interface ServerCommand {
  /** For messages. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** A line on stdout or stderr that holds this says that it takes connections. */
  readonly readyLine: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
  /** This process's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A server of another make as a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** The last lines it printed. */
  printed(): string;
  /** Asks it to end with `signal`, and resolves when it is gone. Harmless when it is gone already. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** It stops doing anything, as a machine under a heavy load may, but keeps its connections. Resolves when it has stopped. */
  pause(): Promise<void>;
  resume(): void;
}

/** Resolves when the server says that it is ready. Throws Fault `server-not-started` when it ends before. */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const { name, file, args, readyLine, uid, gid, cwd, env } = command;
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Of a group of its own: a Ctrl-C in the terminal is for whoever started it, who ends it in order.
    detached: true,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env }),
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines: string[] = [];
  const ready = Promise.withResolvers<boolean>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (lines.push(line) > linesKept) lines.shift();
      if (line.includes(readyLine)) ready.resolve(true);
    });
  }
  void exited.then(() => ready.resolve(false));
  await once(child, 'spawn');
  const { pid } = child;
  if (!(await ready.promise) || pid === undefined) {
    throw new Fault(
      'server-not-started',
      `${name} did not start. It said last:\n${lines.join('\n')}`,
      'Mend what it complains of and start again.',
    );
  }
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void exited.then(() => process.off('exit', endWithUs));
  return {
    pid,
    printed: () => lines.join('\n'),
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        child.kill('SIGCONT');
      }
      await exited;
    },
    pause: () => pauseProcess(pid),
    resume: () => void child.kill('SIGCONT'),
  };
}
