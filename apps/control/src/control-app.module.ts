import {
  bundlePorts,
  decisionPort,
  examineMachine,
  forgettingPorts,
  intakeModule,
  logPort,
  needsPort,
  ownPorts,
  PortsModule,
  ProjectionPause,
  projectionRules,
  redriveThrough,
  replayedRetention,
  retentionPorts,
  modelPorts,
  modelsOf,
  warehousePorts,
  type AppMeans,
  type SharedWarehouse,
  type WarehouseSettings,
} from '@heed/assembly';
import { Intake } from '@heed/collector';
import { ControlModule, ScoringModule, StaleModelsModule } from '@heed/control';
import type { EventLog } from '@heed/events';
import { EXAMINE, ForgettingModule, OperationsModule, REDRIVE } from '@heed/operations';
import { HealthModule, MetricsModule, PAUSE_PROJECTION, WAREHOUSE_REBUILD } from '@heed/platform';
import type { BundleSigner } from '@heed/policies';
import type { Postgres } from '@heed/postgres';
import { ReplayLog, type ProjectionRules } from '@heed/projector';
import { SqlWarehouseCopies } from '@heed/warehouse';
import { Global, Module, type DynamicModule } from '@nestjs/common';

export interface ControlStores extends SharedWarehouse {
  readonly postgres: Postgres;
  readonly log: EventLog;
  readonly signer: BundleSigner;
}

@Module({})
class ControlAppModule {}

/** Decisions, bundles and operations, alone. What the other processes do it stops and starts by locks in the database. */
export function controlApp(
  settings: WarehouseSettings,
  stores: ControlStores,
  means: AppMeans,
): DynamicModule {
  const { postgres, log, signer } = stores;
  const pause = new ProjectionPause(postgres, means.stopping);
  const models = modelsOf(settings, postgres);
  const rules = projectionRules(postgres, models, means);
  const behind = { ...stores, warehouse: pause.behind(stores.warehouse) };
  return {
    module: ControlAppModule,
    imports: [
      PortsModule.over(
        ownPorts(settings, means),
        // Decisions and bundles are taken without a warehouse and without Kafka.
        needsPort(settings, { postgres }),
        logPort(log, means),
        warehousePorts(settings, behind, means),
        decisionPort(postgres),
        forgettingPorts(postgres, behind.warehouse, rules),
        retentionPorts(settings, behind, rules),
        bundlePorts(postgres, signer),
        modelPorts(models),
        [{ provide: EXAMINE, useValue: () => examineMachine(settings) }],
      ),
      DoorsModule.over(settings, stores, pause, rules),
      HealthModule,
      MetricsModule,
      OperationsModule,
      ForgettingModule,
      ScoringModule,
    ],
  };
}

@Global()
@Module({})
class DoorsModule {
  static over(
    settings: WarehouseSettings,
    stores: ControlStores,
    pause: ProjectionPause,
    rules: ProjectionRules,
  ): DynamicModule {
    return {
      module: DoorsModule,
      imports: [intakeModule(settings), ControlModule, StaleModelsModule],
      providers: [
        { provide: REDRIVE, inject: [Intake], useFactory: redriveThrough },
        { provide: PAUSE_PROJECTION, useValue: pause.whilePaused },
        { provide: WAREHOUSE_REBUILD, useValue: replayOf(stores, pause, rules) },
      ],
      exports: [ControlModule, StaleModelsModule, PAUSE_PROJECTION, REDRIVE, WAREHOUSE_REBUILD],
    };
  }
}

function replayOf(
  { postgres, log, warehouse, warehouseMigrations, chains }: ControlStores,
  pause: ProjectionPause,
  rules: ProjectionRules,
): ReplayLog {
  const copies = pause.guarded(new SqlWarehouseCopies(warehouse, warehouseMigrations, chains));
  return new ReplayLog({
    log,
    copies,
    rules,
    whilePaused: pause.whilePaused,
    retention: replayedRetention(postgres, log, pause.behind(warehouse), rules),
  });
}
