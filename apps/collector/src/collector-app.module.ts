import {
  collectorModule,
  edgePorts,
  logPort,
  needsPort,
  ownPorts,
  PortsModule,
  type AppMeans,
  type ServerSettings,
} from '@heed/assembly';
import type { EventLog } from '@heed/events';
import { HealthModule, MetricsModule } from '@heed/platform';
import type { Postgres } from '@heed/postgres';
import { Module, type DynamicModule } from '@nestjs/common';

@Module({})
class CollectorAppModule {}

/** The HTTP edge for events, alone: it knows the log and the keys, and no warehouse. */
export function collectorApp(
  settings: ServerSettings,
  { postgres, log }: { readonly postgres: Postgres; readonly log: EventLog },
  means: AppMeans,
): DynamicModule {
  return {
    module: CollectorAppModule,
    imports: [
      PortsModule.over(
        ownPorts(settings, means),
        needsPort(settings, { postgres, log }),
        logPort(log, means),
        edgePorts(postgres),
      ),
      collectorModule(settings),
      HealthModule,
      MetricsModule,
    ],
  };
}
