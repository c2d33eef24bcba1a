import {
  erasureList,
  erasureReport,
  erasureRequest,
  type ErasureList,
  type ErasureReport,
  type ErasureRequest,
  type ErasureView,
} from '@heed/contract';
import type { ErasureRecord, ErasureResult } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, Tenant, ZodPipe } from '@heed/platform';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Forgetting } from './forgetting.ts';

const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(100) });

/** Of one that fails. Its sessions are taken out before they are derived again, and it may have come so far. */
const IN_TROUBLE = {
  meanwhile:
    "Sessions that it reaches may be missing from the warehouse, other people's turns in them too. The log has them.",
  do: 'Mend what the reason names. Heed tries again by itself, and the try that succeeds brings them back.',
};

@Controller('v1/erasures')
export class ErasuresController {
  readonly #forgetting: Forgetting;

  constructor(@Inject(Forgetting) forgetting: Forgetting) {
    this.#forgetting = forgetting;
  }

  @Get()
  @LeastRole('admin')
  @Describe({
    summary:
      'The erasures of the tenant, and how far each has come: those that are not carried out first, the newest first.',
    response: erasureList,
    query: listQuery,
  })
  async list(
    @Tenant() tenant: TenantId,
    @Query(new ZodPipe(listQuery)) { limit }: z.output<typeof listQuery>,
  ): Promise<ErasureList> {
    return { erasures: (await this.#forgetting.list(tenant, limit)).map(viewOf) };
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
    return reportOf(await this.#forgetting.erase(tenant, user, reason));
  }
}

function viewOf({ id, upToMs, tries, failure, result }: ErasureRecord): ErasureView {
  const open = failure === null ? 'pending' : 'failing';
  return {
    ...{ id, tries, upTo: new Date(upToMs).toISOString(), state: result === null ? open : 'done' },
    failure: failure && { why: failure.why, again: new Date(failure.againMs).toISOString(), ...IN_TROUBLE },
    report: result && reportOf(result),
  };
}

function reportOf({ fixesMarkedStale, modelsMarkedStale, ...gone }: ErasureResult): ErasureReport {
  return {
    ...gone,
    fixesMarkedStale: [...fixesMarkedStale],
    modelsMarkedStale: [...modelsMarkedStale],
  };
}
