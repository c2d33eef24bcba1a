import 'reflect-metadata';
import { runApp, warehouseOf, warehouseSettings } from '@heed/assembly';
import { learnerApp } from './learner-app.module.ts';

await runApp({
  name: 'learner',
  port: 8587,
  settings: warehouseSettings,
  assemble: async (parts) => {
    const { settings, postgres, means } = parts;
    return { module: learnerApp(settings, { ...(await warehouseOf(parts)), postgres }, means) };
  },
});
