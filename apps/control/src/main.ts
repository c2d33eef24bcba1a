import 'reflect-metadata';
import { openEventLog, openSharedWarehouse, runApp, say, warehouseSettings } from '@heed/assembly';
import { openBundleKey } from '@heed/platform';
import { join } from 'node:path';
import { controlApp } from './control-app.module.ts';

await runApp({
  name: 'control',
  port: 8585,
  settings: warehouseSettings,
  assemble: async ({ settings, postgres, means, opened }) => {
    const signer = await openBundleKey(join(settings.dataDir, 'keys'));
    const log = opened.keep(await openEventLog(postgres, settings.kafka, say, means.log));
    const shared = await openSharedWarehouse(settings, postgres, log, say, means.tracing);
    opened.keep(shared.warehouse);
    return { module: controlApp(settings, { ...shared, postgres, log, signer }, means) };
  },
});
