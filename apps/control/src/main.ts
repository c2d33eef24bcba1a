import 'reflect-metadata';
import { logOf, runApp, warehouseOf, warehouseSettings } from '@heed/assembly';
import { openBundleKey } from '@heed/platform';
import { join } from 'node:path';
import { controlApp } from './control-app.module.ts';

await runApp({
  name: 'control',
  port: 8585,
  settings: warehouseSettings,
  assemble: async (parts) => {
    const { settings, postgres, means } = parts;
    const signer = await openBundleKey(join(settings.dataDir, 'keys'));
    const log = await logOf(parts);
    const shared = await warehouseOf(parts, log);
    return { module: controlApp(settings, { ...shared, postgres, log, signer }, means) };
  },
});
