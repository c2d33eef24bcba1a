import { Fault, unlessAborted } from '@heed/kernel';
import { faultFields, shuttingDown, type Log } from '@heed/platform';
import { setTimeout as delay } from 'node:timers/promises';

/** Each part ends within bounds of its own; a server that is silent in the middle of a batch has none. Containers are given a minute. */
const STOP_WITHIN_MS = 45_000;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** For people; stdout may belong to a program. */
export function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** Runs the main function of a process. What it throws is told, and ends the process: 2 for what was given wrongly, 1 for everything else. */
export async function runProcess(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (thrown) {
    tell(thrown, process.argv.includes('--json'));
    process.exit(
      thrown instanceof Fault && ['wrong-usage', 'invalid-settings'].includes(thrown.code)
        ? EXIT_USAGE
        : EXIT_FAILED,
    );
  }
}

export interface Ending {
  readonly log: Log;
  readonly lastWords: string;
  /** A start that is under way may give up by itself for so long; then the process ends in the middle of it. */
  readonly startWithinMs: number;
}

/**
 * Starts what is to run until the process is told to end, or until `stop` is called: then it is stopped, once, and the process ends. A start under
 * way hears of it by its signal, and rejects with that one's reason or comes to its end.
 *
 * @returns `started`, which never settles for a start that was given up: the process ends
 */
export function runUntilTold<Running extends { stop(): Promise<void> }>(
  start: (stopping: AbortSignal) => Promise<Running>,
  { log, lastWords, startWithinMs }: Ending,
): { readonly started: Promise<Running>; readonly stop: () => void } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const starting = start(signal);
  const end = async (): Promise<void> => {
    const givenUp = starting.catch((thrown: unknown) => {
      if (thrown !== signal.reason) throw thrown;
    });
    const running = await Promise.race([givenUp, delay(startWithinMs, undefined, { ref: false })]);
    await unlessAborted(AbortSignal.timeout(STOP_WITHIN_MS), Promise.resolve(running?.stop()));
  };
  const stop = (): void => {
    if (signal.aborted) return;
    stopping.abort(shuttingDown());
    end().then(
      () => {
        say(lastWords);
        process.exit(0);
      },
      (thrown: unknown) => {
        log.error('stop-failed', faultFields(thrown));
        process.exit(EXIT_FAILED);
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop);
  const started = starting.catch((thrown: unknown) => {
    if (signal.aborted) return new Promise<never>(() => undefined);
    throw thrown;
  });
  return { started, stop };
}

function tell(thrown: unknown, json: boolean): void {
  if (thrown instanceof Fault) {
    const { code, message, remedy } = thrown;
    if (json) process.stdout.write(`${JSON.stringify({ problem: { code, title: message, remedy } })}\n`);
    say(`heed: ${message}\n      ${remedy}`);
  } else {
    say(`heed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
  }
}
