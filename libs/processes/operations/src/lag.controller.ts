import { lagQuery, lagReport, type LagReport } from '@heed/contract';
import type { EventLog } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import { BoundTo, Describe, EVENT_LOG, lagInTime, LeastRole, ZodPipe } from '@heed/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { z } from 'zod';
import { reachOf } from './reach-of.ts';
import { Waits } from './waits.ts';

/** Asked again and again by whoever waits for the warehouse, so it counts nothing there. */
@Controller('v1/lag')
export class LagController {
  readonly #log: EventLog;
  readonly #waits = new Waits();

  constructor(@Inject(EVENT_LOG) log: EventLog) {
    this.#log = log;
  }

  @Get()
  @LeastRole('server')
  @Describe({
    summary:
      'How much of the log the warehouse has still to read. Cheap enough to be polled: with a `wait` until `ahead` is 0.',
    response: lagReport,
    query: lagQuery,
  })
  async lag(
    @BoundTo() boundTo: TenantId | null,
    @Query(new ZodPipe(lagQuery)) { wait }: z.output<typeof lagQuery>,
  ): Promise<LagReport> {
    const lag = await lagInTime(this.#log);
    return {
      entries: lag.entries,
      ahead: wait === undefined ? null : this.#waits.ahead(boundTo, wait, lag),
      log: boundTo === null ? reachOf(lag) : null,
    };
  }
}
