import { replayReport, type ReplayReport } from '@heed/contract';
import { Fault } from '@heed/kernel';
import {
  CLOCK,
  Describe,
  LeastRole,
  LOG,
  respondWithProgress,
  TRACING,
  WAREHOUSE_REBUILD,
  ZodPipe,
  type Clock,
  type Log,
  type RawReply,
  type ReportProgress,
} from '@heed/platform';
import { NOT_OF_THE_LOG, type WarehouseRebuild } from '@heed/sessions';
import { traced, type Tracing } from '@heed/telemetry';
import { Body, Controller, Inject, Post, Res } from '@nestjs/common';
import { z } from 'zod';

const replayRequest = z.strictObject({ verify: z.boolean().default(false) });

@Controller('v1/replay')
export class ReplayController {
  readonly #rebuild: WarehouseRebuild;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #tracing: Tracing;
  #running = false;

  constructor(
    @Inject(WAREHOUSE_REBUILD) rebuild: WarehouseRebuild,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOG) log: Log,
    @Inject(TRACING) tracing: Tracing,
  ) {
    this.#rebuild = rebuild;
    this.#clock = clock;
    this.#log = log;
    this.#tracing = tracing;
  }

  @Post()
  @LeastRole('operator')
  @Describe({
    summary:
      'Rebuilds the warehouse from the log; with `verify` beside the live one, comparing every table row for row.',
    request: replayRequest,
    response: replayReport,
    streams: true,
  })
  async replay(
    @Body(new ZodPipe(replayRequest)) { verify }: z.output<typeof replayRequest>,
    @Res() reply: RawReply,
  ): Promise<void> {
    await respondWithProgress(reply, this.#log, (report) => this.#run(verify, report));
  }

  async #run(verify: boolean, report: ReportProgress): Promise<ReplayReport> {
    if (this.#running)
      throw new Fault('replay-running', 'A replay is running already.', 'Wait until it is done.');
    this.#running = true;
    const startedMs = this.#clock.nowMs();
    try {
      const purpose = verify ? 'compare' : 'replace';
      const facts = { 'heed.replay.purpose': purpose };
      const { events, tables, otherwiseJudged } = await traced(this.#tracing, 'replay', { facts }, () =>
        this.#rebuild.run(purpose, (step, done, of) => {
          report({ step, done, of });
        }),
      );
      const seconds = (this.#clock.nowMs() - startedMs) / 1000;
      return { events, tables: [...tables], notOfTheLog: [...NOT_OF_THE_LOG], otherwiseJudged, seconds };
    } finally {
      this.#running = false;
    }
  }
}
