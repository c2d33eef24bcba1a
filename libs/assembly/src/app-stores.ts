import type { EventLog } from '@heed/events';
import { openEventLog } from './open-event-log.ts';
import { openSharedWarehouse, type SharedWarehouse } from './open-shared-warehouse.ts';
import type { AppParts } from './run-app.ts';
import { say } from './run-process.ts';
import type { ServerSettings, WarehouseSettings } from './settings.ts';

/** The log that an app's settings name, closed when the app ends. @throws Fault as `openEventLog` */
export async function logOf({
  settings,
  postgres,
  means,
  opened,
}: AppParts<ServerSettings>): Promise<EventLog> {
  return opened.keep(await openEventLog(postgres, settings.kafka, say, means.log));
}

/** The warehouse that an app's settings name, closed when the app ends. @throws Fault as `openSharedWarehouse` */
export async function warehouseOf(
  { settings, postgres, means, opened }: AppParts<WarehouseSettings>,
  log?: EventLog,
): Promise<SharedWarehouse> {
  const shared = await openSharedWarehouse(settings, postgres, log, say, means);
  opened.keep(shared.warehouse);
  return shared;
}
