import 'reflect-metadata';
import { logOf, runApp, serverSettings } from '@heed/assembly';
import { collectorApp } from './collector-app.module.ts';

await runApp({
  name: 'collector',
  port: 8586,
  settings: serverSettings,
  assemble: async (parts) => {
    const { settings, postgres, means } = parts;
    return { module: collectorApp(settings, { postgres, log: await logOf(parts) }, means) };
  },
});
