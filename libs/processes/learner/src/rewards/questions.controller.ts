import {
  adversariesRequest,
  foresightRequest,
  gamingRequest,
  modelReference,
  objectivesRequest,
  type AdversariesRequest,
  type ForesightRequest,
  type GamingRequest,
} from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, LOG, Tenant, ZodPipe, type Log, type RawReply } from '@heed/platform';
import {
  adversariesAnswer,
  foresightAnswer,
  gamingAnswer,
  objectivesAnswer,
  type ModelQuestion,
} from '@heed/rewards';
import { Body, Controller, Inject, Param, Post, Res } from '@nestjs/common';
import type { z } from 'zod';
import { respondWhileWaitedFor } from './respond-while-waited-for.ts';
import { TrainRewardModel } from './train-reward-model.ts';

const model = new ZodPipe(modelReference);

/** Asks of a model, again and with one's own input, what its card asks of it once. */
@Controller('v1/train/models/:model')
export class QuestionsController {
  readonly #training: TrainRewardModel;
  readonly #log: Log;

  constructor(@Inject(TrainRewardModel) training: TrainRewardModel, @Inject(LOG) log: Log) {
    this.#training = training;
    this.#log = log;
  }

  @Post('foresight')
  @LeastRole('analyst')
  @Describe({
    summary:
      'Whether what a model predicts of past policies came true: on prompts that the log has of all of them, or on answers given. NDJSON progress, then the answer.',
    params: { model: modelReference },
    request: foresightRequest,
    response: foresightAnswer,
    streams: true,
  })
  foresight(
    @Tenant() tenant: TenantId,
    @Param('model', model) of: string,
    @Body(new ZodPipe(foresightRequest)) request: ForesightRequest,
    @Res() reply: RawReply,
  ): Promise<void> {
    return this.#answered(tenant, of, { ask: 'foresight', ...request }, reply);
  }

  @Post('adversaries')
  @LeastRole('analyst')
  @Describe({
    summary:
      'What users who love one kind of answer on purpose move, with the caps and without: by training a part of the model again. NDJSON progress, then the answer.',
    params: { model: modelReference },
    request: adversariesRequest,
    response: adversariesAnswer,
    streams: true,
  })
  adversaries(
    @Tenant() tenant: TenantId,
    @Param('model', model) of: string,
    @Body(new ZodPipe(adversariesRequest)) request: AdversariesRequest,
    @Res() reply: RawReply,
  ): Promise<void> {
    return this.#answered(tenant, of, { ask: 'adversaries', ...request }, reply);
  }

  @Post('gaming')
  @LeastRole('analyst')
  @Describe({
    summary:
      'Which tripwires fire, and where, when a policy follows a model more and more: over the answers of the log, or candidates given. NDJSON progress, then the answer.',
    params: { model: modelReference },
    request: gamingRequest,
    response: gamingAnswer,
    streams: true,
  })
  gaming(
    @Tenant() tenant: TenantId,
    @Param('model', model) of: string,
    @Body(new ZodPipe(gamingRequest)) request: GamingRequest,
    @Res() reply: RawReply,
  ): Promise<void> {
    return this.#answered(tenant, of, { ask: 'gaming', ...request }, reply);
  }

  @Post('objectives')
  @LeastRole('analyst')
  @Describe({
    summary:
      'What each of several weightings of objectives would give on the same candidates, love being what a model says, and which of them another beats in everything. NDJSON progress, then the table.',
    params: { model: modelReference },
    request: objectivesRequest,
    response: objectivesAnswer,
    streams: true,
  })
  objectives(
    @Tenant() tenant: TenantId,
    @Param('model', model) of: string,
    @Body(new ZodPipe(objectivesRequest)) request: z.output<typeof objectivesRequest>,
    @Res() reply: RawReply,
  ): Promise<void> {
    return this.#answered(tenant, of, { ask: 'objectives', ...request }, reply);
  }

  #answered(tenant: TenantId, of: string, question: ModelQuestion, reply: RawReply): Promise<void> {
    return respondWhileWaitedFor(reply, this.#log, (watch) =>
      this.#training.ask(tenant, of, question, watch),
    );
  }
}
