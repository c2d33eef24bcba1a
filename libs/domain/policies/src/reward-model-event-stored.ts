import { tenantId } from '@heed/kernel';
import { z } from 'zod';
import type { NewStoredEvent } from './event-store.ts';
import {
  MODEL_PURPOSES,
  modelId,
  type BesideRules,
  type RewardModelEvent,
  type StaleReason,
} from './reward-model.ts';
import { attributionToStored, parseStored, storedAttribution, unknownType } from './stored-shape.ts';

// The stored shapes, apart from the domain's: once written they are read for ever (see fix-event-stored.ts).
// `golden-reward-model/` has the bytes of every version.

const id = z.string().transform(modelId);

const modelTrainedV1 = storedAttribution.extend({
  model: id,
  tenant: z.string().transform(tenantId),
  name: z.string(),
  purpose: z.enum(MODEL_PURPOSES),
  version: z.string(),
  featuresVersion: z.string(),
  trainedAt: z.iso.datetime(),
});
const modelEvaluatedV1 = storedAttribution.extend({
  model: id,
  card: z.string(),
  gates: z.array(z.object({ gate: z.string(), passed: z.boolean(), says: z.string() })),
  /** Absent in those written before it was. */
  besideRules: z.object({ replacesRules: z.boolean(), threshold: z.number() }).optional(),
});
const modelGatedV1 = storedAttribution.extend({ model: id, verdict: z.enum(['passed', 'refused']) });
const modelWentStaleV1 = storedAttribution.extend({
  model: id,
  reason: z.union([
    z.object({ because: z.enum(['retraction', 'erasure']), events: z.array(z.string()) }),
    z.object({
      because: z.literal('drift'),
      figures: z.array(z.object({ of: z.string(), measured: z.number(), bound: z.number() })),
    }),
  ]),
});
const modelMovedV1 = storedAttribution.extend({ model: id });

/** The shape in which an event of a reward model is stored, at the newest version of its type. The inverse of `rewardModelEventFromStored`. */
export function rewardModelEventToStored(event: RewardModelEvent): NewStoredEvent {
  const by = attributionToStored(event);
  switch (event.kind) {
    case 'model-trained': {
      const { id: model, tenant, name, purpose, version, featuresVersion, trainedAtMs } = event.model;
      const trainedAt = new Date(trainedAtMs).toISOString();
      const facts = { model, tenant, name, purpose, version, featuresVersion, trainedAt };
      return { type: 'model-trained.v1', data: { ...facts, ...by } };
    }
    case 'model-evaluated':
    case 'model-renewed': {
      const gates = event.gates.map(({ gate, passed, says }) => ({ gate, passed, says }));
      const { id: model, card, besideRules } = event;
      return { type: `${event.kind}.v1`, data: { model, card, gates, ...rulesToStored(besideRules), ...by } };
    }
    case 'model-gated':
      return { type: 'model-gated.v1', data: { model: event.id, verdict: event.verdict, ...by } };
    case 'model-went-stale': {
      const reason = reasonToStored(event.reason);
      return { type: 'model-went-stale.v1', data: { model: event.id, reason, ...by } };
    }
    case 'model-superseded':
    case 'model-went-live':
    case 'model-retired':
      return { type: `${event.kind}.v1`, data: { model: event.id, ...by } };
  }
}

function rulesToStored(
  beside: BesideRules | undefined,
): Pick<z.input<typeof modelEvaluatedV1>, 'besideRules'> {
  if (beside === undefined) return {};
  const { replacesRules, threshold } = beside;
  return { besideRules: { replacesRules, threshold } };
}

function reasonToStored(reason: StaleReason): z.input<typeof modelWentStaleV1>['reason'] {
  if (reason.because !== 'drift') return { because: reason.because, events: [...reason.events] };
  const figures = reason.figures.map(({ of, measured, bound }) => ({ of, measured, bound }));
  return { because: reason.because, figures };
}

/**
 * Reads an event of any stored version as the domain has it now.
 *
 * @throws Fault `stored-event-unreadable` for a type or a shape that no version of Heed up to this one has written.
 */
export function rewardModelEventFromStored({ type, data }: NewStoredEvent): RewardModelEvent {
  switch (type) {
    case 'model-trained.v1': {
      const { model, at, who, why, trainedAt, ...facts } = parseStored(modelTrainedV1, type, data);
      return {
        kind: 'model-trained',
        model: { id: model, ...facts, trainedAtMs: Date.parse(trainedAt) },
        ...{ atMs: Date.parse(at), who, why },
      };
    }
    case 'model-evaluated.v1':
      return { kind: 'model-evaluated', ...aboutModel(parseStored(modelEvaluatedV1, type, data)) };
    case 'model-renewed.v1':
      return { kind: 'model-renewed', ...aboutModel(parseStored(modelEvaluatedV1, type, data)) };
    case 'model-gated.v1':
      return { kind: 'model-gated', ...aboutModel(parseStored(modelGatedV1, type, data)) };
    case 'model-went-stale.v1':
      return { kind: 'model-went-stale', ...aboutModel(parseStored(modelWentStaleV1, type, data)) };
    case 'model-superseded.v1':
      return { kind: 'model-superseded', ...aboutModel(parseStored(modelMovedV1, type, data)) };
    case 'model-went-live.v1':
      return { kind: 'model-went-live', ...aboutModel(parseStored(modelMovedV1, type, data)) };
    case 'model-retired.v1':
      return { kind: 'model-retired', ...aboutModel(parseStored(modelMovedV1, type, data)) };
    default:
      throw unknownType(type);
  }
}

function aboutModel<Stored extends z.output<typeof modelMovedV1>>({
  model,
  at,
  ...rest
}: Stored): Omit<Stored, 'model' | 'at'> & { readonly id: Stored['model']; readonly atMs: number } {
  return { id: model, atMs: Date.parse(at), ...rest };
}
