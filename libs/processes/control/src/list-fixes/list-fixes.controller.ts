import { fixList, fixView, type FixList, type FixView } from '@heed/contract';
import { err, fixId, ok, type TenantId } from '@heed/kernel';
import { Describe, LeastRole, Tenant } from '@heed/platform';
import type { Fix } from '@heed/policies';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import { FixRegister } from '../fix-register/fix-register.ts';
import { orFault } from '../fix-register/fix-refused.ts';
import { fixViewOf } from './fix-view.ts';

@Controller('v1/fixes')
export class ListFixesController {
  readonly #fixes: FixRegister;

  constructor(@Inject(FixRegister) fixes: FixRegister) {
    this.#fixes = fixes;
  }

  @Get()
  @LeastRole('analyst')
  @Describe({ summary: "The tenant's fixes, most wins first.", response: fixList })
  async list(@Tenant() tenant: TenantId): Promise<FixList> {
    const fixes = [...(await this.#fixes.open(tenant)).all()].sort(byWins);
    return { fixes: fixes.map(fixViewOf) };
  }

  @Get(':id')
  @LeastRole('analyst')
  @Describe({
    summary: 'One fix: what it rewrites, its evidence and its history.',
    response: fixView,
    params: { id: z.string() },
  })
  async show(@Tenant() tenant: TenantId, @Param('id') id: string): Promise<FixView> {
    const fix = (await this.#fixes.open(tenant)).find(fixId(id));
    return fixViewOf(
      orFault(
        fix === undefined
          ? err({ code: 'fix-unknown', message: `There is no fix ${id} of ${tenant}.` })
          : ok(fix),
      ),
    );
  }
}

/** Then by id, so that the order is the same each time. */
function byWins(a: Fix, b: Fix): number {
  return b.evidence.wins - a.evidence.wins || (a.id < b.id ? -1 : 1);
}
