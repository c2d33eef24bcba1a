import { modelReference, trainRequests, type TrainRequest } from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, LOG, Tenant, ZodPipe, type Log, type RawReply } from '@heed/platform';
import { laterFigures, modelCard } from '@heed/rewards';
import { Body, Controller, Get, Header, Inject, Param, Post, Res, StreamableFile } from '@nestjs/common';
import { respondWhileWaitedFor } from './respond-while-waited-for.ts';
import { TrainRewardModel } from './train-reward-model.ts';

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
    request: trainRequests.love,
    response: modelCard,
    streams: true,
  })
  async love(
    @Tenant() tenant: TenantId,
    @Body(new ZodPipe(trainRequests.love)) request: TrainRequest,
    @Res() reply: RawReply,
  ): Promise<void> {
    await respondWhileWaitedFor(reply, this.#log, (watch) =>
      this.#training.train(tenant, 'love', request, watch),
    );
  }

  @Post('defect')
  @LeastRole('analyst')
  @Describe({
    summary:
      'Trains a model of which turns failed, from outcomes, ratings and reactions; it reads what the user said and did next. Answers NDJSON progress, then its card, which holds it against the rules of sessions. Ends when the caller goes.',
    request: trainRequests.defect,
    response: modelCard,
    streams: true,
  })
  async defect(
    @Tenant() tenant: TenantId,
    @Body(new ZodPipe(trainRequests.defect)) request: TrainRequest,
    @Res() reply: RawReply,
  ): Promise<void> {
    await respondWhileWaitedFor(reply, this.#log, (watch) =>
      this.#training.train(tenant, 'defect', request, watch),
    );
  }

  @Post('models/:model/evaluate')
  @LeastRole('analyst')
  @Describe({
    summary:
      'How a model, by its id or name, does on turns later than those it was trained on; answers NDJSON progress, then the figures.',
    params: { model: modelReference },
    response: laterFigures,
    streams: true,
  })
  async evaluate(
    @Tenant() tenant: TenantId,
    @Param('model', new ZodPipe(modelReference)) model: string,
    @Res() reply: RawReply,
  ): Promise<void> {
    await respondWhileWaitedFor(reply, this.#log, (watch) => this.#training.evaluate(tenant, model, watch));
  }

  @Get('models/:model/card')
  @LeastRole('analyst')
  @Describe({
    summary: 'The card of a model, by its id or name.',
    params: { model: modelReference },
    response: modelCard,
  })
  card(@Tenant() tenant: TenantId, @Param('model', new ZodPipe(modelReference)) model: string) {
    return this.#training.card(tenant, model);
  }

  @Get('models/:model/file')
  @LeastRole('analyst')
  @Header('cache-control', 'no-store')
  @Describe({ summary: 'The ONNX file of a model, by its id or name.', params: { model: modelReference } })
  async file(
    @Tenant() tenant: TenantId,
    @Param('model', new ZodPipe(modelReference)) model: string,
  ): Promise<StreamableFile> {
    const { file } = await this.#training.written(tenant, model);
    return new StreamableFile(file, { type: 'application/octet-stream', length: file.length });
  }
}
