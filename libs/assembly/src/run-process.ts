import { Fault } from '@heed/kernel';
import { faultFields, type Log } from '@heed/platform';

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

/** Stops what was started, once, when the process is told to end, or when `stop` is called; then ends the process. */
export function stopWhenTold(
  started: Promise<{ stop(): Promise<void> }>,
  log: Log,
  lastWords: string,
): () => void {
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= started
      .then((running) => running.stop())
      .then(
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
  return stop;
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
