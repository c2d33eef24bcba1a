import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fchownSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { asUser } from './run.ts';

export interface BareCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whom it runs as, where this process may choose. */
  readonly uid?: number;
}

const PAUSE_MS = 200;

/** A container's command as a process. What it prints goes to a file, as it goes to Docker's: programs open /dev/stdout by name. */
export class BareProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #logFile: string;

  private constructor(child: ChildProcess, logFile: string) {
    this.#child = child;
    this.#exited = once(child, 'exit');
    this.#logFile = logFile;
    const endWithUs = (): void => void child.kill('SIGKILL');
    process.once('exit', endWithUs);
    void this.#exited.then(() => process.off('exit', endWithUs));
  }

  static async start(command: BareCommand, logFile: string): Promise<BareProcess> {
    const log = openSync(logFile, 'a');
    const user = asUser(command.uid);
    // A program that opens /dev/stdout opens this file, as whom it runs as.
    if (user.uid !== undefined) fchownSync(log, user.uid, user.uid);
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: { ...command.env },
      stdio: ['ignore', log, log],
      ...user,
    });
    closeSync(log);
    const started = new BareProcess(child, logFile);
    await once(child, 'spawn');
    return started;
  }

  printed(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  /** Runs `check` again and again until it ends with 0, as Docker does; throws when the process ends before. */
  async untilHealthy(check: BareCommand): Promise<void> {
    for (;;) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`it ended before it was healthy: ${this.printed()}`);
      const { file, args, cwd, env, uid } = check;
      const asking = spawn(file, args, { cwd, env: { ...env }, stdio: 'ignore', ...asUser(uid) });
      await once(asking, 'exit');
      if (asking.exitCode === 0) return;
      await delay(PAUSE_MS);
    }
  }

  /** Its exit code, or the signal that ended it. */
  async stop(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    await this.#exited;
    return this.#child.exitCode ?? this.#child.signalCode;
  }
}
