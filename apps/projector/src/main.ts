import 'reflect-metadata';
import { logOf, projectorSide, runApp, warehouseOf, warehouseSettings } from '@heed/assembly';
import { Projector } from '@heed/projector';
import { PostgresErasureRegister } from '@heed/vault';
import { projectorApp } from './projector-app.module.ts';

await runApp({
  name: 'projector',
  port: 8588,
  settings: warehouseSettings,
  assemble: async (parts) => {
    const { settings, postgres, means } = parts;
    const log = await logOf(parts);
    const shared = await warehouseOf(parts, log);
    const { door, behind } = projectorSide(postgres, shared.warehouse);
    const erasures = new PostgresErasureRegister(postgres);
    return {
      module: projectorApp(settings, { ...shared, postgres, warehouse: behind, log, door, erasures }, means),
      transports: (app) => [app.get(Projector).server],
    };
  },
});
