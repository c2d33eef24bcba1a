import 'reflect-metadata';
import { heedSettings, readSettings, runProcess, runUntilTold, say, type HeedSettings } from '@heed/assembly';
import { jsonLog } from '@heed/platform';
import { readArguments } from './arguments.ts';
import { firstLook } from './demo/first-look.ts';
import { startStandalone } from './start-standalone.ts';

/** Long: a store that is being made or mended in the folder is not to be cut off. */
const START_WITHIN_MS = 60_000;

await runProcess(async () => {
  const { given, json, parentExits } = readArguments(process.argv.slice(2));
  const settings = readSettings(heedSettings, process.env, given);
  const log = jsonLog(settings.logLevel, (line) => process.stderr.write(line));
  const { started, stop } = runUntilTold((stopping) => startStandalone(settings, log, say, stopping), {
    log,
    lastWords: 'Heed has stopped; everything accepted is on disk.',
    startWithinMs: START_WITHIN_MS,
  });
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
});

function howToMakeTheFirstKey({ host, dataDir }: HeedSettings): string {
  return (
    `heed: Others reach ${host}, so every request needs a key, and there is none yet. Make the first on this machine:\n` +
    `      heed keys create admin --all-tenants --data ${dataDir}`
  );
}
