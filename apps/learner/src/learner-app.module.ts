import {
  decisionPort,
  needsPort,
  ownPorts,
  PortsModule,
  modelPorts,
  modelsOf,
  trainingPorts,
  watchPorts,
  trainingRecordPorts,
  warehousePorts,
  type AppMeans,
  type SharedWarehouse,
  type WarehouseSettings,
} from '@heed/assembly';
import { FixProposalsModule, RewardModelsModule, TrainingRecordModule } from '@heed/control';
import { LearnerModule } from '@heed/learner';
import { HealthModule, MetricsModule } from '@heed/platform';
import type { Postgres } from '@heed/postgres';
import { Global, Module, type DynamicModule } from '@nestjs/common';

@Module({})
class LearnerAppModule {}

/** The learner finds the way to the fixes and the models wherever it runs. */
@Global()
@Module({
  imports: [FixProposalsModule, RewardModelsModule, TrainingRecordModule],
  exports: [FixProposalsModule, RewardModelsModule, TrainingRecordModule],
})
class DoorsModule {}

/** Mining and training, alone: it reads the warehouse, proposes fixes and records models; what is served it does not know. */
export function learnerApp(
  settings: WarehouseSettings,
  { postgres, ...warehouse }: SharedWarehouse & { readonly postgres: Postgres },
  means: AppMeans,
): DynamicModule {
  return {
    module: LearnerAppModule,
    imports: [
      PortsModule.over(
        ownPorts(settings, means),
        needsPort(settings, { postgres, ...warehouse }),
        warehousePorts(settings, warehouse, means),
        decisionPort(postgres),
        modelPorts(modelsOf(settings, postgres)),
        trainingPorts(settings, warehouse.warehouse),
        watchPorts(settings, warehouse.warehouse),
        trainingRecordPorts(postgres, warehouse.warehouse),
      ),
      DoorsModule,
      LearnerModule,
      HealthModule,
      MetricsModule,
    ],
  };
}
