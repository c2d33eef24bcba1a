import {
  logScores,
  modelReference,
  scoreLogReport,
  scoreLogRequest,
  type LogScoresView,
  type ScoreLogRequest,
} from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, LOG, Tenant, ZodPipe, type Log, type RawReply } from '@heed/platform';
import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { respondWhileWaitedFor } from './respond-while-waited-for.ts';
import { ScoreLog } from './score-log.ts';

@Controller('v1/train/models/:model/score-log')
export class ScoreLogController {
  readonly #scoring: ScoreLog;
  readonly #log: Log;

  constructor(@Inject(ScoreLog) scoring: ScoreLog, @Inject(LOG) log: Log) {
    this.#scoring = scoring;
    this.#log = log;
  }

  @Post()
  @LeastRole('analyst')
  @Describe({
    summary:
      'Scores the turns of the log by a live model, by its id or name, those it has scored as they stand excepted; answers NDJSON progress, then how they were scored. ' +
      'Ends when the caller goes, and goes on where it stopped when it is asked again.',
    params: { model: modelReference },
    request: scoreLogRequest,
    response: scoreLogReport,
    streams: true,
  })
  async score(
    @Tenant() tenant: TenantId,
    @Param('model', new ZodPipe(modelReference)) model: string,
    @Body(new ZodPipe(scoreLogRequest)) request: ScoreLogRequest,
    @Res() reply: RawReply,
  ): Promise<void> {
    await respondWhileWaitedFor(reply, this.#log, (watch) =>
      this.#scoring.run(tenant, model, request, watch),
    );
  }

  @Get()
  @LeastRole('analyst')
  @Describe({
    summary: 'How a model, by its id or name, scored the turns of the log, by day and by what answered.',
    params: { model: modelReference },
    query: scoreLogRequest,
    response: logScores,
  })
  scores(
    @Tenant() tenant: TenantId,
    @Param('model', new ZodPipe(modelReference)) model: string,
    @Query(new ZodPipe(scoreLogRequest)) request: ScoreLogRequest,
  ): Promise<LogScoresView> {
    return this.#scoring.scores(tenant, model, request);
  }
}
