import 'reflect-metadata';
import {
  openEventLog,
  openSharedWarehouse,
  projectorSide,
  runApp,
  say,
  warehouseSettings,
} from '@heed/assembly';
import { Projector } from '@heed/projector';
import { PostgresErasureRegister } from '@heed/vault';
import { projectorApp } from './projector-app.module.ts';

await runApp({
  name: 'projector',
  port: 8588,
  settings: warehouseSettings,
  assemble: async ({ settings, postgres, means, opened }) => {
    const log = opened.keep(await openEventLog(postgres, settings.kafka, say, means.log));
    const shared = await openSharedWarehouse(settings, postgres, log, say, means.tracing);
    opened.keep(shared.warehouse);
    const { door, behind } = projectorSide(postgres, shared.warehouse);
    const erasures = new PostgresErasureRegister(postgres);
    return {
      module: projectorApp(settings, { ...shared, warehouse: behind, log, door, erasures }, means),
      transports: (app) => [app.get(Projector).server],
    };
  },
});
