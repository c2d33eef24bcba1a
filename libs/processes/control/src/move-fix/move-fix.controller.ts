import {
  fixAction,
  fixView,
  moveFixRequest,
  type FixAction,
  type FixView,
  type MoveFixRequest,
} from '@heed/contract';
import { fixId, type TenantId } from '@heed/kernel';
import { CLOCK, Describe, LeastRole, Tenant, ZodPipe, type Clock } from '@heed/platform';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { fixViewOf } from '../list-fixes/fix-view.ts';
import { MoveFix } from './move-fix.ts';

@Controller('v1/fixes')
export class MoveFixController {
  readonly #moveFix: MoveFix;
  readonly #clock: Clock;

  constructor(@Inject(MoveFix) moveFix: MoveFix, @Inject(CLOCK) clock: Clock) {
    this.#moveFix = moveFix;
    this.#clock = clock;
  }

  @Post(':id/:action')
  @HttpCode(200)
  @LeastRole('analyst')
  @Describe({
    summary: 'Moves a fix: approve, canary, live, retire or block. The next decision shows it.',
    params: { id: z.string(), action: fixAction },
    request: moveFixRequest,
    response: fixView,
  })
  async move(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Param('action', new ZodPipe(fixAction)) action: FixAction,
    @Body(new ZodPipe(moveFixRequest)) { who = 'api', why = '' }: MoveFixRequest,
  ): Promise<FixView> {
    return fixViewOf(
      await this.#moveFix.move(tenant, fixId(id), action, { atMs: this.#clock.nowMs(), who, why }),
    );
  }
}
