import { trainRequest, type TrainRequest } from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
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
import { laterFigures, modelCard, type TrainingWatch } from '@heed/rewards';
import { Body, Controller, Get, Header, Inject, Param, Post, Res, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { TrainRewardModel } from './train-reward-model.ts';

const name = z.string().min(1, 'the id or name of a model').max(200);

@Controller('v1/train')
export class TrainingController {
  readonly #training: TrainRewardModel;
  readonly #log: Log;

  constructor(@Inject(TrainRewardModel) training: TrainRewardModel, @Inject(LOG) log: Log) {
    this.#training = training;
    this.#log = log;
  }

  @Post('love')
  @LeastRole('analyst')
  @Describe({
    summary:
      'Trains a model of which answers are loved, from the reactions so far; answers NDJSON progress, then its card. Ends when the caller goes.',
    request: trainRequest,
    response: modelCard,
    streams: true,
  })
  async love(
    @Tenant() tenant: TenantId,
    @Body(new ZodPipe(trainRequest)) request: TrainRequest,
    @Res() reply: RawReply,
  ): Promise<void> {
    await this.#watched(reply, (watch) => this.#training.love(tenant, request, watch));
  }

  @Post('models/:model/evaluate')
  @LeastRole('analyst')
  @Describe({
    summary:
      'How a model, by its id or name, does on turns later than those it was trained on; answers NDJSON progress, then the figures.',
    params: { model: name },
    response: laterFigures,
    streams: true,
  })
  async evaluate(
    @Tenant() tenant: TenantId,
    @Param('model', new ZodPipe(name)) model: string,
    @Res() reply: RawReply,
  ): Promise<void> {
    await this.#watched(reply, (watch) => this.#training.evaluate(tenant, model, watch));
  }

  @Get('models/:model/card')
  @LeastRole('analyst')
  @Describe({
    summary: 'The card of a model, by its id or name.',
    params: { model: name },
    response: modelCard,
  })
  card(@Tenant() tenant: TenantId, @Param('model', new ZodPipe(name)) model: string) {
    return this.#training.card(tenant, model);
  }

  @Get('models/:model/file')
  @LeastRole('analyst')
  @Header('cache-control', 'no-store')
  @Describe({ summary: 'The ONNX file of a model, by its id or name.', params: { model: name } })
  async file(
    @Tenant() tenant: TenantId,
    @Param('model', new ZodPipe(name)) model: string,
  ): Promise<StreamableFile> {
    const { file } = await this.#training.written(tenant, model);
    return new StreamableFile(file, { type: 'application/octet-stream', length: file.length });
  }

  /** Work that nobody waits for any more is not done. */
  #watched(reply: RawReply, work: (watch: TrainingWatch) => Promise<unknown>): Promise<void> {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      gone.abort(
        new Fault('work-cut-short', 'The caller went before this was finished.', 'Run it again, and wait.'),
      );
    });
    return respondWithProgress(reply, this.#log, (report) => work({ progress: report, signal: gone.signal }));
  }
}
