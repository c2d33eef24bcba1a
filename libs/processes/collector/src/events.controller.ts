import { ingestResponse, type IngestResponse } from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { Describe, Tenant } from '@heed/platform';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import { eventsInRequest, type RequestHeaders } from './events-in-request.ts';
import { Intake } from './intake.ts';

const NOTHING = Buffer.alloc(0);

@Controller('v1/events')
export class EventsController {
  readonly #intake: Intake;

  constructor(@Inject(Intake) intake: Intake) {
    this.#intake = intake;
  }

  @Post()
  @HttpCode(202)
  @ApiConsumes('application/cloudevents+json', 'application/cloudevents-batch+json', 'application/json')
  @Describe({
    summary:
      'Takes events, single, batched or structured; answers when all are durable, with the fate of each.',
    response: ingestResponse,
    status: 202,
  })
  async take(
    @Tenant() tenant: TenantId,
    @Headers() headers: RequestHeaders,
    @Body() body: Buffer | undefined,
  ): Promise<IngestResponse> {
    return { results: await this.#intake.accept(tenant, eventsInRequest(headers, body ?? NOTHING)) };
  }
}
