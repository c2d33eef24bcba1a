import 'reflect-metadata';
import { Fault } from '@heed/kernel';
import { faultFields, jsonLog } from '@heed/platform';
import { readArguments } from './arguments.ts';
import { firstLook } from './demo/first-look.ts';
import { readSettings, type StandaloneSettings } from './settings.ts';
import { startStandalone } from './start-standalone.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** For people; stdout may belong to a program. */
const say = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};

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

async function main(): Promise<void> {
  const { given, json, parentExits } = readArguments(process.argv.slice(2));
  const settings = readSettings(process.env, given);
  const log = jsonLog(settings.logLevel, (line) => process.stderr.write(line));
  let stopping: Promise<void> | undefined;
  const started = startStandalone(settings, log, say);
  const stop = (): void => {
    stopping ??= started
      .then((running) => running.stop())
      .then(
        () => {
          say('Heed has stopped; everything accepted is on disk.');
          process.exit(0);
        },
        (thrown: unknown) => {
          log.error('stop-failed', faultFields(thrown));
          process.exit(EXIT_FAILED);
        },
      );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop);
  if (parentExits) process.stdin.resume().on('end', stop).on('error', stop);

  const running = await started;
  const { url } = running;
  const readyMs = Math.round(performance.now());
  const ready = {
    url,
    dataDir: settings.dataDir,
    readyMs,
    // Through the pipe to the command that started this one, and nowhere else.
    ...(parentExits && { key: running.ownerKey }),
  };
  process.stdout.write(
    json
      ? `${JSON.stringify(ready)}\n`
      : `Heed is ready at ${url} (${String(readyMs)} ms), data in ${settings.dataDir}\n`,
  );
  if (running.awaitsFirstKey) say(howToMakeTheFirstKey(settings));
  await firstLook(running, settings, log, say);
}

function howToMakeTheFirstKey({ host, dataDir }: StandaloneSettings): string {
  return (
    `heed: Others reach ${host}, so every request needs a key, and there is none yet. Make the first on this machine:\n` +
    `      heed keys create admin --all-tenants --data ${dataDir}`
  );
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
