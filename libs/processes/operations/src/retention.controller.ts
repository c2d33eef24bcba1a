import {
  retentionReport,
  retentionView,
  setRetentionRequest,
  type RetentionView,
  type SetRetentionRequest,
} from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import {
  CallerName,
  Describe,
  LeastRole,
  LOG,
  respondWithProgress,
  Tenant,
  ZodPipe,
  type Log,
  type RawReply,
} from '@heed/platform';
import { Body, Controller, Get, Inject, Post, Put, Res } from '@nestjs/common';
import { Retention } from './retention.ts';

@Controller('v1/retention')
export class RetentionController {
  readonly #retention: Retention;
  readonly #log: Log;

  constructor(@Inject(Retention) retention: Retention, @Inject(LOG) log: Log) {
    this.#retention = retention;
    this.#log = log;
  }

  @Get()
  @LeastRole('admin')
  @Describe({
    summary: "How long the tenant's data is kept, and up to when it is gone.",
    response: retentionView,
  })
  view(@Tenant() tenant: TenantId): Promise<RetentionView> {
    return this.#retention.view(tenant);
  }

  @Put()
  @LeastRole('admin')
  @Describe({
    summary: "Says how long the tenant's data is kept, in days, or for ever (null). Removes nothing yet.",
    request: setRetentionRequest,
    response: retentionView,
  })
  set(
    @Tenant() tenant: TenantId,
    @CallerName() caller: string,
    @Body(new ZodPipe(setRetentionRequest)) { days, who = caller }: SetRetentionRequest,
  ): Promise<RetentionView> {
    return this.#retention.set(tenant, days, who);
  }

  @Post('apply')
  @LeastRole('admin')
  @Describe({
    summary:
      "Removes what the tenant's retention is over of: sessions that were silent since, and dead letters.",
    response: retentionReport,
    streams: true,
  })
  async apply(@Tenant() tenant: TenantId, @Res() reply: RawReply): Promise<void> {
    await respondWithProgress(reply, this.#log, (report) => {
      report({ step: 'removing', done: 0, of: 0 });
      return this.#retention.apply(tenant, true);
    });
  }
}
