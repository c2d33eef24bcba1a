import { decideRequest, decideResponse, type DecideRequest, type DecideResponse } from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, Tenant, ZodPipe } from '@heed/platform';
import { stateOfInterpretation } from '@heed/sessions';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { BundlePublisher } from '../publish-bundle/bundle-publisher.ts';

@Controller('v1/decide')
export class DecideController {
  readonly #bundles: BundlePublisher;

  constructor(@Inject(BundlePublisher) bundles: BundlePublisher) {
    this.#bundles = bundles;
  }

  @Post()
  @HttpCode(200)
  @LeastRole('server')
  @Describe({
    summary: 'What the runtime does with a request, from the current bundle alone.',
    request: decideRequest,
    response: decideResponse,
  })
  async decide(
    @Tenant() tenant: TenantId,
    @Body(new ZodPipe(decideRequest)) { text, interpretation, user, session }: DecideRequest,
  ): Promise<DecideResponse> {
    const { evaluator } = await this.#bundles.current(tenant);
    const unit = user ?? session;
    return evaluator.decide({
      text,
      ...(interpretation && { interpretation: stateOfInterpretation(interpretation) }),
      ...(unit !== undefined && { unit }),
    });
  }
}
