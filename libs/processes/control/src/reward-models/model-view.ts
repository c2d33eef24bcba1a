import type { ModelView } from '@heed/contract';
import type { Attribution, RewardModel } from '@heed/policies';

/** A model as the API shows it: times as RFC 3339. */
export function modelViewOf(model: RewardModel): ModelView {
  const { id, tenant, name, purpose, version, featuresVersion, trainedAtMs, card, gates, status } = model;
  const { stale, history } = model;
  return {
    ...{ model: id, tenant, name, purpose, version, featuresVersion, card, status },
    trainedAt: new Date(trainedAtMs).toISOString(),
    gates: gates.map(({ gate, passed, says }) => ({ gate, passed, says })),
    stale: stale && {
      because: stale.because,
      ...(stale.because === 'drift' ? { figures: [...stale.figures] } : { events: [...stale.events] }),
      ...attributionOf(stale),
    },
    history: history.map((step) => ({
      status: step.status,
      ...attributionOf(step),
      ...(step.stale && { stale: step.stale }),
    })),
  };
}

function attributionOf({ atMs, who, why }: Attribution): { at: string; who: string; why: string } {
  return { at: new Date(atMs).toISOString(), who, why };
}
