import {
  logPort,
  modelPorts,
  modelsOf,
  needsPort,
  ownPorts,
  PortsModule,
  projectionRules,
  warehousePorts,
  type AppMeans,
  type SharedWarehouse,
  type WarehouseSettings,
} from '@heed/assembly';
import type { ErasureRegister, EventLog } from '@heed/events';
import { HealthModule, MetricsModule } from '@heed/platform';
import type { Postgres } from '@heed/postgres';
import { ProjectorModule, type Courtesy, type ProjectionDoor } from '@heed/projector';
import { Module, type DynamicModule } from '@nestjs/common';
import { performance } from 'node:perf_hooks';

export interface ProjectorStores extends SharedWarehouse {
  readonly postgres: Postgres;
  readonly log: EventLog;
  readonly door: ProjectionDoor;
  readonly erasures: ErasureRegister;
}

@Module({})
class ProjectorAppModule {}

/**
 * It has its process to itself and gives way to nobody. What it waits for between two batches, while there is no backlog, is a larger batch: a
 * warehouse takes thousands of rows as fast as ten, and dislikes to be given ten a hundred times.
 */
const gathering: Courtesy = {
  lookEveryMs: 200,
  atMostMs: 0,
  hurryFrom: { entries: 4_000, chars: 4_000_000 },
  isBusy: () => false,
  nowMs: () => performance.now(),
};

/** Log to warehouse, alone; as many of them as there are partitions share the work. */
export function projectorApp(
  settings: WarehouseSettings,
  { postgres, log, door, erasures, ...warehouse }: ProjectorStores,
  means: AppMeans,
): DynamicModule {
  const models = modelsOf(settings, postgres);
  const rules = projectionRules(postgres, models, means);
  return {
    module: ProjectorAppModule,
    imports: [
      PortsModule.over(
        ownPorts(settings, means),
        needsPort(settings, { postgres, log, ...warehouse }),
        logPort(log, means),
        warehousePorts(settings, warehouse, means),
        // They close what they loaded when the app ends.
        modelPorts(models),
      ),
      ProjectorModule.with({ ...rules, maxBatch: 16_000, courtesy: gathering, door, erasures }),
      HealthModule,
      MetricsModule,
    ],
  };
}
