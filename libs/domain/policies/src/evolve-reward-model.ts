import { Fault } from '@heed/kernel';
import type { Attribution } from './fix.ts';
import {
  verdictOf,
  type ModelFacts,
  type ModelId,
  type ModelStatus,
  type ModelStep,
  type NamedRewardModels,
  type RewardModel,
  type RewardModelEvent,
  type RewardModelLine,
} from './reward-model.ts';

export const initialRewardModels: RewardModelLine = { status: 'none' };

/** Nobody has moved it yet: it is what its gates say. */
const AS_GATED: readonly ModelStatus[] = ['trained', 'passed', 'refused'];

/**
 * What the models of one name are after one more event.
 *
 * @throws Fault `model-history-broken` when an event tells of a model that was never trained, or is trained twice.
 */
export function evolveRewardModel(line: RewardModelLine, event: RewardModelEvent): RewardModelLine {
  switch (event.kind) {
    case 'model-trained':
      return withTrained(line, event.model, event);
    case 'model-evaluated':
      return changed(line, event, (model) => judgedBy(model, event));
    case 'model-gated':
      return moved(line, event.verdict, event);
    case 'model-went-stale': {
      const { atMs, who, why, reason } = event;
      return changed(line, event, (model) => ({
        ...model,
        stale: { ...reason, atMs, who, why },
        history: [...model.history, { ...step(model.status, event), stale: true }],
      }));
    }
    case 'model-renewed': {
      const { gates } = event;
      return changed(line, event, (model) => {
        const status = AS_GATED.includes(model.status) ? verdictOf(gates) : model.status;
        return {
          ...judgedBy(model, event),
          ...{ status, stale: null, history: [...model.history, step(status, event)] },
        };
      });
    }
    case 'model-superseded':
      return moved(line, 'superseded', event);
    case 'model-went-live':
      return moved(line, 'live', event);
    case 'model-retired':
      return moved(line, 'retired', event);
  }
}

/** Of what its card said before nothing is left, of the rules neither. */
function judgedBy(
  model: RewardModel,
  { card, gates, besideRules }: Extract<RewardModelEvent, { kind: 'model-evaluated' | 'model-renewed' }>,
): RewardModel {
  return { ...model, card, gates, besideRules };
}

function withTrained(line: RewardModelLine, facts: ModelFacts, by: Attribution): NamedRewardModels {
  const { tenant, name, purpose, id } = facts;
  const before = line.status === 'none' ? [] : line.models;
  if (before.some((model) => model.id === id)) throw broken(`has ${id} trained twice`);
  const model: RewardModel = {
    ...facts,
    status: 'trained',
    card: '',
    gates: [],
    stale: null,
    history: [step('trained', by)],
  };
  return { status: 'some', tenant, name, purpose, models: [...before, model] };
}

type AboutModel = Exclude<RewardModelEvent, { kind: 'model-trained' }>;

function moved(line: RewardModelLine, status: ModelStatus, event: AboutModel): NamedRewardModels {
  return changed(line, event, (model) => ({
    ...model,
    status,
    history: [...model.history, step(status, event)],
  }));
}

function changed(
  line: RewardModelLine,
  { kind, id }: { readonly kind: string; readonly id: ModelId },
  change: (model: RewardModel) => RewardModel,
): NamedRewardModels {
  if (line.status === 'none' || !line.models.some((model) => model.id === id))
    throw broken(`has '${kind}' of ${id}, which was never trained`);
  return { ...line, models: line.models.map((model) => (model.id === id ? change(model) : model)) };
}

function step(status: ModelStatus, { atMs, who, why }: Attribution): ModelStep {
  return { status, atMs, who, why };
}

function broken(how: string): Fault {
  return new Fault(
    'model-history-broken',
    `The history of a reward model ${how}.`,
    'The event store was changed outside Heed: restore it from a backup.',
  );
}
