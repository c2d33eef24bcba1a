import type { ErasedSeals } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import type { TouchedEvents } from '@heed/sessions';
import { z } from 'zod';
import { BASE_SESSION, UNDER_SEALS } from './forgetting-statements.ts';
import { sealValues } from './seal-values.ts';
import type { Warehouse } from './warehouse.ts';

const idRow = z.object({ id: z.string() });

/** As the filed events tell it: one that was erased keeps its row, its id and its seal. */
export class WarehouseTouchedEvents implements TouchedEvents {
  readonly #warehouse: Warehouse;

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  async ids(tenant: TenantId, erasure: ErasedSeals): Promise<readonly string[]> {
    const ids = new Set<string>();
    for (const values of sealValues(tenant, [erasure])) {
      const rows = await this.#warehouse.query(
        idRow,
        `SELECT DISTINCT event_id AS id FROM filed_events
         WHERE tenant = {tenant:String}
           AND ${BASE_SESSION} IN (SELECT ${BASE_SESSION} FROM filed_events WHERE tenant = {tenant:String} AND ${UNDER_SEALS})
         ORDER BY id`,
        values,
      );
      for (const { id } of rows) ids.add(id);
    }
    return [...ids];
  }
}
