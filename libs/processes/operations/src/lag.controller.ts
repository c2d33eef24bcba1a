import { lagReport, type LagReport } from '@heed/contract';
import type { EventLog } from '@heed/events';
import { Describe, EVENT_LOG, LeastRole, PROJECTOR_GROUP } from '@heed/platform';
import { Controller, Get, Inject } from '@nestjs/common';

/** Asked again and again by whoever waits for the warehouse, so it counts nothing there. */
@Controller('v1/lag')
export class LagController {
  readonly #log: EventLog;

  constructor(@Inject(EVENT_LOG) log: EventLog) {
    this.#log = log;
  }

  @Get()
  @LeastRole('server')
  @Describe({
    summary: 'How far the log reaches, and how far the warehouse has read it. Cheap enough to be polled.',
    response: lagReport,
  })
  async lag(): Promise<LagReport> {
    const { head, committed, entries } = await this.#log.lag(PROJECTOR_GROUP);
    return { head, committed, entries };
  }
}
