import {
  decisionPort,
  needsPort,
  ownPorts,
  PortsModule,
  warehousePorts,
  type AppMeans,
  type SharedWarehouse,
  type WarehouseSettings,
} from '@heed/assembly';
import { FixProposalsModule } from '@heed/control';
import { LearnerModule } from '@heed/learner';
import { HealthModule, MetricsModule } from '@heed/platform';
import type { Postgres } from '@heed/postgres';
import { Global, Module, type DynamicModule } from '@nestjs/common';

@Module({})
class LearnerAppModule {}

/** The learner finds the way to the fixes wherever it runs. */
@Global()
@Module({ imports: [FixProposalsModule], exports: [FixProposalsModule] })
class DoorsModule {}

/** Mining, alone: it reads the warehouse and proposes; what is served it does not know. */
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
      ),
      DoorsModule,
      LearnerModule,
      HealthModule,
      MetricsModule,
    ],
  };
}
