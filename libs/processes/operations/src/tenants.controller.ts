import type { EventLog } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import {
  BoundTo,
  Describe,
  EVENT_LOG,
  LeastRole,
  parseTenant,
  PAUSE_PROJECTION,
  refuseOtherTenant,
  TENANT_REMOVAL,
  tenantName,
  WAREHOUSE_READER,
} from '@heed/platform';
import type { WarehouseReader } from '@heed/sessions';
import { Controller, Delete, Inject, Param } from '@nestjs/common';
import { z } from 'zod';

const removed = z.object({ tenant: z.string(), removed: z.literal(true) });

/** Takes a tenant's keys back and its fixes off the runtime; what was decided stays on record. */
export type TenantRemoval = (tenant: TenantId) => Promise<void>;

/** Does work while nothing is projected: what the projector has in hand would be written after it was removed. */
export type PauseProjection = <T>(work: () => Promise<T>) => Promise<T>;

@Controller('v1/tenants')
export class TenantsController {
  readonly #log: EventLog;
  readonly #warehouse: WarehouseReader;
  readonly #removeFixes: TenantRemoval;
  readonly #whilePaused: PauseProjection;

  constructor(
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(WAREHOUSE_READER) warehouse: WarehouseReader,
    @Inject(TENANT_REMOVAL) removeFixes: TenantRemoval,
    @Inject(PAUSE_PROJECTION) whilePaused: PauseProjection,
  ) {
    this.#log = log;
    this.#warehouse = warehouse;
    this.#removeFixes = removeFixes;
    this.#whilePaused = whilePaused;
  }

  @Delete(':tenant')
  @LeastRole('admin')
  @Describe({
    summary:
      'Removes a tenant: its keys, its fixes from the runtime, its events from the log, its rows from the warehouse.',
    response: removed,
    params: { tenant: tenantName },
  })
  async remove(
    @BoundTo() boundTo: TenantId | null,
    @Param('tenant') name: string,
  ): Promise<z.output<typeof removed>> {
    const tenant = parseTenant(name);
    refuseOtherTenant(boundTo, tenant);
    // Before anything is changed: a log that cannot do it says so.
    if (!this.#log.removesTenants) await this.#log.removeTenant(tenant);
    // Runtime first, warehouse last: cut off anywhere between, saying it again finishes it. Then once more: what was learnt meanwhile from what was
    // still there goes too.
    await this.#removeFixes(tenant);
    await this.#whilePaused(async () => {
      await this.#log.removeTenant(tenant);
      await this.#warehouse.removeTenant(tenant);
    });
    await this.#removeFixes(tenant);
    return { tenant, removed: true };
  }
}
