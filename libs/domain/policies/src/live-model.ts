import { Fault, type TenantId } from '@heed/kernel';
import type { RewardModel } from './reward-model.ts';

/**
 * The model that was found, when it is live, whatever its purpose. Throws Fault `no-live-model` or `model-not-live`, each with the way to get one.
 *
 * @param asked the id or name that it was looked for by
 */
export function liveModel(found: RewardModel | null, tenant: TenantId, asked: string): RewardModel {
  if (found === null)
    throw new Fault(
      'no-live-model',
      `${tenant} has no model ${JSON.stringify(asked)}.`,
      'Train one with `heed train`, then put it live with `heed models ID live`. `heed models` lists those there are.',
    );
  if (found.status === 'live') return found;
  throw new Fault(
    'model-not-live',
    `The model ${found.id} is ${found.status}, and none named ${JSON.stringify(asked)} is live.`,
    found.status === 'refused'
      ? `\`heed models ${found.id}\` says which gate refused it; train it again with \`heed train ${found.purpose}\` on more evidence.`
      : `Put it live with \`heed models ${found.id} live\`.`,
  );
}
