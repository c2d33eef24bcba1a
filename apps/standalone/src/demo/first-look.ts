import { Fault, normaliseText, tenantId } from '@heed/kernel';
import { fixIdOf } from '@heed/policies';
import { faultFields, type Log } from '@heed/platform';
import type { HeedSettings } from '@heed/assembly';
import type { RunningStandalone } from '../start-standalone.ts';
import { DemoClient } from './heed-client.ts';
import { DEMO_TENANT, playDemo, type DemoOutcome } from './play-demo.ts';

/** What mining the sample log of docs/tour finds first; a fix's id follows from its tenant and its two requests. */
const SAMPLE_FIND = { from: 'cancel my subscribtion', to: 'cancel my subscription' };

/**
 * What a newcomer sees after the start: on a folder that nobody has used, the demo; and always where to go on. A demo that fails
 * is told and changes nothing else: the service runs.
 */
export async function firstLook(
  { url, ownerKey, isNewFolder }: RunningStandalone,
  settings: HeedSettings,
  log: Log,
  say: (sentence: string) => void,
): Promise<void> {
  const client = new DemoClient(url, DEMO_TENANT, ownerKey);
  try {
    if (settings.kafka.brokers !== undefined) {
      if (settings.demo && isNewFolder)
        say('\nThe demo is not played: what is in a log on Kafka cannot be taken out again.');
    } else if (settings.demo && (isNewFolder || (await client.isUnfinished()))) {
      say('\nPlaying the demo tenant: simulated users of a voice assistant, marked as tenant "demo" ...');
      say(report(await playDemo(client)));
    }
  } catch (thrown) {
    log.error('demo-failed', faultFields(thrown));
    const why = thrown instanceof Fault ? `${thrown.message} ${thrown.remedy}` : 'The log says why.';
    say(`The demo could not be played. ${why}`);
    return;
  }
  say(whereToGoOn(url, settings.dataDir));
}

function report({ sessions, report, live }: DemoOutcome): string {
  const width = Math.max(...report.proposals.map(({ from }) => from.length), 0);
  const rows = report.proposals.map(
    ({ from, to, wins, losses, users }) =>
      `    ${from.padEnd(width)}  ->  ${to}   (${String(wins)} of ${String(wins + losses)} told sessions ended well, ${String(users)} users)`,
  );
  const rejected = Object.entries(report.rejected).map(([gate, count]) => `${String(count)} by ${gate}`);
  return [
    `\nDemo tenant: ${String(sessions)} sessions, ${String(report.turns)} turns, ${String(report.states)} different requests. Users keep saying again:`,
    ...rows,
    `  Turned down: ${rejected.length === 0 ? 'none' : rejected.join(', ')}.`,
    live === null
      ? '  Nothing was put live.'
      : `  Put live: ${live.fix}. Try it:  npx heed decide "${live.from}" --tenant demo`,
    '  Remove the demo:  npx heed demo remove        Start without it:  npm start -- --no-demo',
  ].join('\n');
}

function whereToGoOn(url: string, dataDir: string): string {
  const at = dataDir === 'heed-data' ? '' : ` --data ${dataDir}`;
  const fix = fixIdOf(tenantId('default'), normaliseText(SAMPLE_FIND.from), normaliseText(SAMPLE_FIND.to));
  return [
    `\n  API ${url}   OpenAPI ${url}/docs`,
    '  The same with a log of your own, in another shell (here with the sample log that comes with Heed):',
    `    npx heed import docs/tour/help-desk.csv --map docs/tour/help-desk.mapping.json${at}`,
    `    npx heed mine${at}`,
    `    npx heed fixes ${fix} live${at}`,
    '  Ctrl-C stops Heed.',
  ].join('\n');
}
