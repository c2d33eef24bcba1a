export type { AppMeans } from './app-means.ts';
export { modelsOf, projectionRules, type AppModels } from './app-models.ts';
export { examineMachine } from './examine-machine.ts';
export { startHttpHost, type HttpHost } from './http-host.ts';
export { isLoopback, refuseTakenPort } from './listening-address.ts';
export { needsPort } from './needs.ts';
export { openStores, type Stores } from './open-stores.ts';
export { openTracing } from './open-tracing.ts';
export {
  bundlePorts,
  decisionPort,
  edgePorts,
  forgettingPorts,
  logPort,
  modelPorts,
  ownPorts,
  PortsModule,
  replayedRetention,
  retentionPorts,
  trainingPorts,
  watchPorts,
  trainingRecordPorts,
  warehousePorts,
} from './ports.ts';
export { collectorModule, intakeModule } from './process-modules.ts';
export { redriveThrough } from './redrive-through.ts';
export {
  heedSettings,
  readSettings,
  serverSettings,
  warehouseSettings,
  type HeedSettings,
  type ServerSettings,
  type WarehouseSettings,
} from './settings.ts';
export type { Say } from './tell-applied.ts';
export { HEED_VERSION } from './version.ts';
export { logOf, warehouseOf } from './app-stores.ts';
export type { SharedWarehouse } from './open-shared-warehouse.ts';
export { projectorSide, ProjectionPause } from './projection-doors.ts';
export { runApp } from './run-app.ts';
export { runProcess, runUntilTold, say } from './run-process.ts';
