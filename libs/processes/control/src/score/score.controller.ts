import {
  scoreLoveRequest,
  scoreLoveResponse,
  scoreRequest,
  scoreResponse,
  type ScoreLoveRequest,
  type ScoreLoveResponse,
  type ScoreRequest,
  type ScoreResponse,
} from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, MODEL_SCORERS, REWARD_MODELS, Tenant, ZodPipe } from '@heed/platform';
import { liveLoveModel, liveModel, type RewardModel, type RewardModels } from '@heed/policies';
import { readableTurn, type ModelScorers, type ReadableTurn } from '@heed/rewards';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';

const DEFAULT_MODEL = 'love';

@Controller('v1/score')
export class ScoreController {
  readonly #models: Pick<RewardModels, 'find'>;
  readonly #scorers: ModelScorers;

  constructor(
    @Inject(REWARD_MODELS) models: Pick<RewardModels, 'find'>,
    @Inject(MODEL_SCORERS) scorers: ModelScorers,
  ) {
    this.#models = models;
    this.#scorers = scorers;
  }

  @Post('love')
  @HttpCode(200)
  @LeastRole('server')
  @Describe({
    summary: 'How likely users are to love each answer, by a live model of the tenant.',
    request: scoreLoveRequest,
    response: scoreLoveResponse,
  })
  async love(
    @Tenant() tenant: TenantId,
    @Body(new ZodPipe(scoreLoveRequest)) { model = DEFAULT_MODEL, turns }: ScoreLoveRequest,
  ): Promise<ScoreLoveResponse> {
    const live = liveLoveModel(await this.#models.find(tenant, model), tenant, model);
    return this.#scored(tenant, live, turns);
  }

  @Post()
  @HttpCode(200)
  @LeastRole('server')
  @Describe({
    summary:
      'How likely each answer is loved, or each turn failed: what the live model that is named is of. A model of failed turns reads what the user said and did next.',
    request: scoreRequest,
    response: scoreResponse,
  })
  async score(
    @Tenant() tenant: TenantId,
    @Body(new ZodPipe(scoreRequest)) { model, turns }: ScoreRequest,
  ): Promise<ScoreResponse> {
    const live = liveModel(await this.#models.find(tenant, model), tenant, model);
    return { ...(await this.#scored(tenant, live, turns.map(readableTurn))), purpose: live.purpose };
  }

  async #scored(
    tenant: TenantId,
    { id, version }: RewardModel,
    turns: readonly ReadableTurn[],
  ): Promise<ScoreLoveResponse> {
    const { logits, probabilities } = await this.#scorers.score(tenant, version, turns);
    return {
      model: id,
      scores: Array.from(logits, (logit, at) => ({ score: probabilities[at] ?? NaN, logit })),
    };
  }
}
