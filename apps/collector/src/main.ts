import 'reflect-metadata';
import { openEventLog, runApp, say, serverSettings } from '@heed/assembly';
import { collectorApp } from './collector-app.module.ts';

await runApp({
  name: 'collector',
  port: 8586,
  settings: serverSettings,
  assemble: async ({ settings, postgres, means, opened }) => {
    const log = opened.keep(await openEventLog(postgres, settings.kafka, say, means.log));
    return { module: collectorApp(settings, { postgres, log }, means) };
  },
});
