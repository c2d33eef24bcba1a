import { modelReference } from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, LOG, Tenant, ZodPipe, type Log, type RawReply } from '@heed/platform';
import { modelDrift } from '@heed/rewards';
import { Controller, Inject, Param, Post, Res } from '@nestjs/common';
import { respondWhileWaitedFor } from './respond-while-waited-for.ts';
import { WatchModel } from './watch-model.ts';

@Controller('v1/train/models')
export class WatchController {
  readonly #watch: WatchModel;
  readonly #log: Log;

  constructor(@Inject(WatchModel) watch: WatchModel, @Inject(LOG) log: Log) {
    this.#watch = watch;
    this.#log = log;
  }

  @Post(':model/drift')
  @LeastRole('analyst')
  @Describe({
    summary:
      'Whether a model, by its id or name, still holds: what later turns are beside those of its training, and which reactions behind it were taken back. Marks it stale where they say so; answers NDJSON progress, then the figures.',
    params: { model: modelReference },
    response: modelDrift,
    streams: true,
  })
  async drift(
    @Tenant() tenant: TenantId,
    @Param('model', new ZodPipe(modelReference)) model: string,
    @Res() reply: RawReply,
  ): Promise<void> {
    await respondWhileWaitedFor(reply, this.#log, (watch) => this.#watch.look(tenant, model, watch));
  }
}
