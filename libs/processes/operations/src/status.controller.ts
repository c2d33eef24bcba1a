import { statusReport, type StatusReport } from '@heed/contract';
import type { EventLog } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import {
  BoundTo,
  Describe,
  EVENT_LOG,
  lagInTime,
  LeastRole,
  PROJECTOR_GROUP,
  WAREHOUSE_READER,
} from '@heed/platform';
import type { WarehouseReader } from '@heed/sessions';
import { Controller, Get, Inject } from '@nestjs/common';
import { accountFor } from './account-for.ts';
import { reachOf } from './reach-of.ts';

@Controller('v1/status')
export class StatusController {
  readonly #log: EventLog;
  readonly #warehouse: WarehouseReader;

  constructor(@Inject(EVENT_LOG) log: EventLog, @Inject(WAREHOUSE_READER) warehouse: WarehouseReader) {
    this.#log = log;
    this.#warehouse = warehouse;
  }

  @Get()
  @LeastRole('analyst')
  @Describe({
    summary: 'Accepted = stored + dead-lettered, by tenant (of the key, or all), and what is left to read.',
    response: statusReport,
  })
  async status(@BoundTo() boundTo: TenantId | null): Promise<StatusReport> {
    const accounts = await accountFor(this.#log, this.#warehouse, PROJECTOR_GROUP);
    const tenants = accounts.filter(({ tenant }) => boundTo === null || tenant === boundTo);
    // How long the common log is, is the business of those who run it.
    const log = boundTo === null ? reachOf(await lagInTime(this.#log)) : null;
    return { tenants, log };
  }
}
