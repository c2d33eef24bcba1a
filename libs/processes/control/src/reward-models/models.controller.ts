import {
  modelAction,
  modelList,
  modelView,
  moveModelRequest,
  type ModelAction,
  type ModelList,
  type ModelView,
  type MoveModelRequest,
} from '@heed/contract';
import { err, ok, type TenantId } from '@heed/kernel';
import { CLOCK, Describe, LeastRole, MODEL_FILES, Tenant, ZodPipe, type Clock } from '@heed/platform';
import { modelId } from '@heed/policies';
import type { ModelFiles } from '@heed/rewards';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { orModelFault } from './model-refused.ts';
import { ModelRegister } from './model-register.ts';
import { modelViewOf } from './model-view.ts';

@Controller('v1/models')
export class ModelsController {
  readonly #models: ModelRegister;
  readonly #cards: Pick<ModelFiles, 'card'>;
  readonly #clock: Clock;

  constructor(
    @Inject(ModelRegister) models: ModelRegister,
    @Inject(MODEL_FILES) cards: Pick<ModelFiles, 'card'>,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#models = models;
    this.#cards = cards;
    this.#clock = clock;
  }

  @Get()
  @LeastRole('analyst')
  @Describe({
    summary: "The tenant's reward models by name, and of one name the one trained last first.",
    response: modelList,
  })
  async list(@Tenant() tenant: TenantId): Promise<ModelList> {
    return { models: (await this.#models.all(tenant)).map(modelViewOf) };
  }

  @Get(':id')
  @LeastRole('analyst')
  @Describe({
    summary:
      'One reward model: what its gates said and its history. By id, or by name: then the live one, else the one trained last.',
    response: modelView,
    params: { id: z.string() },
  })
  async show(@Tenant() tenant: TenantId, @Param('id') id: string): Promise<ModelView> {
    const found = await this.#models.find(tenant, id);
    const model = orModelFault(
      found === null
        ? err({ code: 'model-unknown', message: `There is no model ${id} of ${tenant}.` })
        : ok(found),
    );
    if (model.purpose !== 'defect') return modelViewOf(model);
    const rules = (await this.#cards.card(tenant, model.id))?.rules;
    if (rules === undefined) return modelViewOf(model);
    // What is on record decides; a card from before it was recorded says so itself.
    const { replacesRules = rules.replacesRules } = model.besideRules ?? {};
    const { why } = rules;
    return { ...modelViewOf(model), besideRules: { replacesRules, why } };
  }

  @Post(':id/:action')
  @HttpCode(200)
  @LeastRole('analyst')
  @Describe({
    summary: 'Puts a model live in the place of the one before, or retires it. By id alone.',
    params: { id: z.string(), action: modelAction },
    request: moveModelRequest,
    response: modelView,
  })
  async move(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Param('action', new ZodPipe(modelAction)) action: ModelAction,
    @Body(new ZodPipe(moveModelRequest)) { who = 'api', why = '' }: MoveModelRequest,
  ): Promise<ModelView> {
    const by = { atMs: this.#clock.nowMs(), who, why };
    return modelViewOf(await this.#models.move(tenant, modelId(id), action, by));
  }
}
