import { mineReport, mineRequest, type MineReport, type MineRequest } from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import {
  Describe,
  LeastRole,
  LOG,
  respondWithProgress,
  Tenant,
  ZodPipe,
  type Log,
  type RawReply,
} from '@heed/platform';
import { Body, Controller, Inject, Post, Res } from '@nestjs/common';
import { MineTenant } from './mine-tenant.ts';

@Controller('v1/mine')
export class MiningController {
  readonly #mine: MineTenant;
  readonly #log: Log;

  constructor(@Inject(MineTenant) mine: MineTenant, @Inject(LOG) log: Log) {
    this.#mine = mine;
    this.#log = log;
  }

  @Post()
  @LeastRole('analyst')
  @Describe({
    summary: 'Mines rewrites from the sessions so far; answers NDJSON progress, then the report.',
    request: mineRequest,
    response: mineReport,
    streams: true,
  })
  async mine(
    @Tenant() tenant: TenantId,
    @Body(new ZodPipe(mineRequest)) request: MineRequest,
    @Res() reply: RawReply,
  ): Promise<void> {
    await respondWithProgress(reply, this.#log, (report): Promise<MineReport> =>
      this.#mine.run(tenant, request, report),
    );
  }
}
