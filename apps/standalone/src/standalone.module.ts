import { Intake } from '@heed/collector';
import {
  bundlePorts,
  collectorModule,
  decisionPort,
  edgePorts,
  forgettingPorts,
  examineMachine,
  logPort,
  needsPort,
  ownPorts,
  PortsModule,
  projectionRules,
  redriveThrough,
  replayedRetention,
  retentionPorts,
  modelPorts,
  modelsOf,
  trainingPorts,
  watchPorts,
  warehousePorts,
  type AppMeans,
  type HeedSettings,
  type Stores,
} from '@heed/assembly';
import { ControlModule, ScoringModule, StaleModelsModule, TrainingRecordModule } from '@heed/control';
import { LearnerModule } from '@heed/learner';
import { EXAMINE, ForgettingModule, OperationsModule, REDRIVE, type PauseProjection } from '@heed/operations';
import { HealthModule, MetricsModule, PAUSE_PROJECTION, WAREHOUSE_REBUILD } from '@heed/platform';
import type { BundleSigner } from '@heed/policies';
import { Projector, ProjectorModule, ReplayLog, type ProjectionRules } from '@heed/projector';
import type { WarehouseRebuild } from '@heed/sessions';
import { SqlWarehouseCopies } from '@heed/warehouse';
import { PostgresErasureRegister } from '@heed/vault';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { courtesyToTheEdge } from './courtesy-to-the-edge.ts';

/** What a standalone has beside its stores. */
export interface StandaloneMeans extends AppMeans {
  readonly signer: BundleSigner;
}

/** All processes in one: every port bound to an embedded store, and the processes' own doors to each other opened. */
@Module({})
export class StandaloneModule {
  static over(settings: HeedSettings, stores: Stores, means: StandaloneMeans): DynamicModule {
    const { postgres, log } = stores;
    const models = modelsOf(settings, postgres);
    const rules = projectionRules(postgres, models, means);
    const projector = ProjectorModule.with({
      ...rules,
      maxBatch: 48_000,
      // The embedded warehouse's folder is this process's alone; a server may have others.
      soleWriter: settings.clickhouse.url === undefined,
      courtesy: courtesyToTheEdge(),
      erasures: new PostgresErasureRegister(postgres),
    });
    return {
      module: StandaloneModule,
      imports: [
        PortsModule.over(
          ownPorts(settings, means),
          needsPort(settings, stores),
          logPort(log, means),
          edgePorts(postgres),
          warehousePorts(settings, stores, means),
          decisionPort(postgres),
          forgettingPorts(postgres, stores.warehouse, rules),
          retentionPorts(settings, stores, rules),
          modelPorts(models),
          trainingPorts(settings, stores.warehouse),
          watchPorts(settings, stores.warehouse),
          bundlePorts(postgres, means.signer),
          [{ provide: EXAMINE, useValue: () => examineMachine(settings) }],
        ),
        DoorsModule.between(collectorModule(settings), projector, (live) => replayOf(stores, live, rules)),
        HealthModule,
        MetricsModule,
        LearnerModule,
        ScoringModule,
        OperationsModule,
        ForgettingModule,
      ],
    };
  }
}

/** What processes offer each other. When they run apart, locks and stores stand between them instead. */
@Global()
@Module({})
class DoorsModule {
  static between(
    collector: DynamicModule,
    projector: DynamicModule,
    replay: (live: Projector) => WarehouseRebuild,
  ): DynamicModule {
    return {
      module: DoorsModule,
      imports: [collector, projector, ControlModule, StaleModelsModule, TrainingRecordModule],
      providers: [
        { provide: REDRIVE, inject: [Intake], useFactory: redriveThrough },
        { provide: WAREHOUSE_REBUILD, inject: [Projector], useFactory: replay },
        { provide: PAUSE_PROJECTION, inject: [Projector], useFactory: pauseOf },
      ],
      exports: [
        ...[ControlModule, StaleModelsModule, TrainingRecordModule],
        ...[PAUSE_PROJECTION, REDRIVE, WAREHOUSE_REBUILD],
      ],
    };
  }
}

function pauseOf(live: Projector): PauseProjection {
  return (work) => live.whilePaused(work);
}

function replayOf(
  { postgres, log, warehouse, warehouseMigrations, chains }: Stores,
  live: Projector,
  rules: ProjectionRules,
): WarehouseRebuild {
  const copies = new SqlWarehouseCopies(warehouse, warehouseMigrations, chains);
  return new ReplayLog({
    log,
    copies,
    rules,
    whilePaused: (work) => live.whilePaused(work),
    retention: replayedRetention(postgres, log, warehouse, rules),
  });
}
