import { Fault, type TenantId } from '@heed/kernel';
import { liveModel } from './live-model.ts';
import type { RewardModel } from './reward-model.ts';

/**
 * The model that was found, when it is a love model that is live. Throws Fault `no-live-model` or `model-not-live`, each with the way to get one.
 *
 * @param asked the id or name that it was looked for by
 */
export function liveLoveModel(found: RewardModel | null, tenant: TenantId, asked: string): RewardModel {
  if (found?.purpose !== 'love')
    throw new Fault(
      'no-live-model',
      `${tenant} has no love model ${JSON.stringify(asked)}.`,
      'Train one with `heed train love`, then put it live with `heed models ID live`. `heed models` lists those there are.',
    );
  return liveModel(found, tenant, asked);
}
