import { statusReport, type StatusReport } from '@heed/contract';
import type { EventLog } from '@heed/events';
import { Describe, EVENT_LOG, PROJECTOR_GROUP, WAREHOUSE_READER } from '@heed/platform';
import type { WarehouseReader } from '@heed/sessions';
import { Controller, Get, Inject } from '@nestjs/common';
import { accountFor } from './account-for.ts';

@Controller('v1/status')
export class StatusController {
  readonly #log: EventLog;
  readonly #warehouse: WarehouseReader;

  constructor(@Inject(EVENT_LOG) log: EventLog, @Inject(WAREHOUSE_READER) warehouse: WarehouseReader) {
    this.#log = log;
    this.#warehouse = warehouse;
  }

  @Get()
  @Describe({
    summary: 'Accepted = stored + dead-lettered, by tenant, and what is left to read.',
    response: statusReport,
  })
  async status(): Promise<StatusReport> {
    const tenants = await accountFor(this.#log, this.#warehouse, PROJECTOR_GROUP);
    const { head, committed } = await this.#log.lag(PROJECTOR_GROUP);
    return { tenants: [...tenants], log: { head, committed } };
  }
}
