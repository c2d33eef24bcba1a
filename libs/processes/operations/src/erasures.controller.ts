import { erasureReport, erasureRequest, type ErasureReport, type ErasureRequest } from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, Tenant, ZodPipe } from '@heed/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Forgetting } from './forgetting.ts';

@Controller('v1/erasures')
export class ErasuresController {
  readonly #forgetting: Forgetting;

  constructor(@Inject(Forgetting) forgetting: Forgetting) {
    this.#forgetting = forgetting;
  }

  @Post()
  @HttpCode(200)
  @LeastRole('admin')
  @Describe({
    summary:
      'Forgets a user: destroys their keys, takes their content out of the warehouse, derives their sessions again and marks what was ' +
      'learnt from them as stale. Answers when that is done.',
    request: erasureRequest,
    response: erasureReport,
  })
  async erase(
    @Tenant() tenant: TenantId,
    @Body(new ZodPipe(erasureRequest)) { user, reason }: ErasureRequest,
  ): Promise<ErasureReport> {
    const { fixesMarkedStale, modelsMarkedStale, ...gone } = await this.#forgetting.erase(
      tenant,
      user,
      reason,
    );
    return {
      ...gone,
      fixesMarkedStale: [...fixesMarkedStale],
      modelsMarkedStale: [...modelsMarkedStale],
    };
  }
}
