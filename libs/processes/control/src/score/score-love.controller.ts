import {
  scoreLoveRequest,
  scoreLoveResponse,
  type ScoreLoveRequest,
  type ScoreLoveResponse,
} from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
import { Describe, LeastRole, MODEL_SCORERS, REWARD_MODELS, Tenant, ZodPipe } from '@heed/platform';
import type { RewardModel, RewardModels } from '@heed/policies';
import type { ModelScorers } from '@heed/rewards';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';

const DEFAULT_MODEL = 'love';

@Controller('v1/score/love')
export class ScoreLoveController {
  readonly #models: Pick<RewardModels, 'find'>;
  readonly #scorers: ModelScorers;

  constructor(
    @Inject(REWARD_MODELS) models: Pick<RewardModels, 'find'>,
    @Inject(MODEL_SCORERS) scorers: ModelScorers,
  ) {
    this.#models = models;
    this.#scorers = scorers;
  }

  @Post()
  @HttpCode(200)
  @LeastRole('server')
  @Describe({
    summary: 'How likely users are to love each answer, by a live model of the tenant.',
    request: scoreLoveRequest,
    response: scoreLoveResponse,
  })
  async score(
    @Tenant() tenant: TenantId,
    @Body(new ZodPipe(scoreLoveRequest)) { model = DEFAULT_MODEL, turns }: ScoreLoveRequest,
  ): Promise<ScoreLoveResponse> {
    const { id, version } = liveLove(await this.#models.find(tenant, model), tenant, model);
    const { logits, probabilities } = await this.#scorers.score(tenant, version, turns);
    return {
      model: id,
      scores: Array.from(logits, (logit, at) => ({ score: probabilities[at] ?? NaN, logit })),
    };
  }
}

/** Throws Fault `no-live-model` or `model-not-live`, each with the way to get one. */
function liveLove(found: RewardModel | null, tenant: TenantId, asked: string): RewardModel {
  if (found?.purpose !== 'love')
    throw new Fault(
      'no-live-model',
      `${tenant} has no love model ${JSON.stringify(asked)}.`,
      'Train one with `heed train love`, then put it live with `heed models ID live`. `heed models` lists those there are.',
    );
  if (found.status === 'live') return found;
  throw new Fault(
    'model-not-live',
    `The model ${found.id} is ${found.status}, and none named ${JSON.stringify(asked)} is live.`,
    found.status === 'refused'
      ? `\`heed models ${found.id}\` says which gate refused it; train it again with \`heed train love\` on more reactions.`
      : `Put it live with \`heed models ${found.id} live\`.`,
  );
}
