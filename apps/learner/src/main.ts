import 'reflect-metadata';
import { openSharedWarehouse, runApp, say, warehouseSettings } from '@heed/assembly';
import { learnerApp } from './learner-app.module.ts';

await runApp({
  name: 'learner',
  port: 8587,
  settings: warehouseSettings,
  assemble: async ({ settings, postgres, means, opened }) => {
    const shared = await openSharedWarehouse(settings, postgres, undefined, say, means.tracing);
    opened.keep(shared.warehouse);
    return { module: learnerApp(settings, { ...shared, postgres }, means) };
  },
});
