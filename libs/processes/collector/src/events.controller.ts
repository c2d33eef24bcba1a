import { ingestResponse, type IngestResponse } from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, Sender, Tenant, type Caller } from '@heed/platform';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { eventsInRequest, type RequestHeaders } from './events-in-request.ts';
import { Intake } from './intake.ts';

const NOTHING = Buffer.alloc(0);

/** Any JSON is taken: what is no event is accounted for as a dead letter. */
const EVENT_BODIES = {
  'application/cloudevents+json': z.unknown(),
  'application/cloudevents-batch+json': z.array(z.unknown()),
  'application/json': z.unknown(),
  'text/plain': z.string().min(1),
};

@Controller('v1/events')
export class EventsController {
  readonly #intake: Intake;

  constructor(@Inject(Intake) intake: Intake) {
    this.#intake = intake;
  }

  @Post()
  @HttpCode(202)
  @LeastRole('browser')
  @Describe({
    summary:
      'Takes events, single, batched or structured; answers when all are durable, with the fate of each.',
    bodies: EVENT_BODIES,
    response: ingestResponse,
    status: 202,
  })
  async take(
    @Tenant() tenant: TenantId,
    @Sender() sender: Caller,
    @Headers() headers: RequestHeaders,
    @Body() body: Buffer | undefined,
  ): Promise<IngestResponse> {
    return { results: await this.#intake.accept(tenant, eventsInRequest(headers, body ?? NOTHING), sender) };
  }
}
