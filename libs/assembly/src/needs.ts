import type { EventLog } from '@heed/events';
import { NEEDS, PROJECTOR_GROUP, type Need } from '@heed/platform';
import { askPostgres, type Postgres } from '@heed/postgres';
import type { Warehouse } from '@heed/warehouse';
import type { Port } from './ports.ts';
import type { HeedSettings } from './settings.ts';

export interface NeededStores {
  readonly postgres: Postgres;
  readonly log?: EventLog;
  readonly warehouse?: Warehouse;
}

/** What a process is asked for it can do while these answer. A log in the database is there when the database is. */
export function needsPort(
  { kafka, clickhouse }: HeedSettings,
  { postgres, log, warehouse }: NeededStores,
): readonly Port[] {
  const needs: Need[] = [{ name: 'PostgreSQL', ask: (within) => askPostgres(postgres, within) }];
  if (log !== undefined && kafka.brokers !== undefined)
    needs.push({ name: 'Kafka', ask: () => log.lag(PROJECTOR_GROUP) });
  if (warehouse !== undefined) {
    const name = clickhouse.url === undefined ? 'the embedded warehouse' : 'ClickHouse';
    needs.push({ name, ask: () => warehouse.answers() });
  }
  return [{ provide: NEEDS, useValue: needs }];
}
