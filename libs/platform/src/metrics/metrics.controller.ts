import { Controller, Get, Inject, Module, Res } from '@nestjs/common';
import { LeastRole } from '../keys/role.ts';
import { Describe } from '../open-api.ts';
import { METRICS } from '../ports.ts';
import type { Metrics } from './metrics.ts';

interface Reply {
  type(contentType: string): Reply;
  send(text: string): unknown;
}

@Controller('metrics')
class MetricsController {
  readonly #metrics: Metrics;

  constructor(@Inject(METRICS) metrics: Metrics) {
    this.#metrics = metrics;
  }

  @Get()
  @LeastRole('analyst')
  @Describe({ summary: "What the process measures of itself, in Prometheus' text format." })
  async metrics(@Res() reply: Reply): Promise<void> {
    reply.type(this.#metrics.contentType).send(await this.#metrics.text());
  }
}

/** Needs METRICS from the app. */
@Module({ controllers: [MetricsController] })
export class MetricsModule {}
