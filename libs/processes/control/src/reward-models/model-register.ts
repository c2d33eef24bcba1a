import { err, ok, type Result, type TenantId } from '@heed/kernel';
import { CLOCK, EVENT_STORE, type Clock } from '@heed/platform';
import {
  decideRewardModel,
  evolveRewardModel,
  initialRewardModels,
  nameRefusal,
  rewardModelEventFromStored,
  rewardModelEventToStored,
  type Attribution,
  type EventStore,
  type ModelId,
  type Quiet,
  type RewardModel,
  type RewardModelCommand,
  type RewardModelEvent,
  type RewardModelLine,
  type RewardModelRefusal,
  type RewardModels,
  type StaleReason,
  type TrainedModel,
} from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';
import type { Aggregate } from '../event-sourced/aggregate.ts';
import { TenantRegister, type OpenStreams } from '../event-sourced/tenant-register.ts';
import { orModelFault } from './model-refused.ts';

/** What the names of all streams of models begin with. */
export const MODEL_STREAMS = 'model/';

const modelAggregate: Aggregate<RewardModelLine, RewardModelCommand, RewardModelEvent, RewardModelRefusal> = {
  kind: 'model',
  initial: initialRewardModels,
  decide: decideRewardModel,
  founds: ({ kind }) => kind === 'model-trained',
  evolve: evolveRewardModel,
  toStored: rewardModelEventToStored,
  fromStored: rewardModelEventFromStored,
};

/** What became of what a training read, while it went on. */
export interface Meanwhile {
  readonly missed?: StaleReason & Attribution;
  /** What must not have happened since this was told. */
  readonly quiet?: Quiet;
}

type OpenModels = OpenStreams<RewardModelLine, RewardModelCommand, RewardModelRefusal>;

/** The reward models of every tenant. A stream holds all models of one name, so that going live is one append. */
@Injectable()
export class ModelRegister implements RewardModels {
  readonly #register: TenantRegister<
    RewardModelLine,
    RewardModelCommand,
    RewardModelEvent,
    RewardModelRefusal
  >;

  constructor(@Inject(EVENT_STORE) store: EventStore, @Inject(CLOCK) clock: Clock) {
    this.#register = new TenantRegister(modelAggregate, store, clock);
  }

  /**
   * Records a training that ended.
   *
   * @param meanwhile told anew before each attempt
   */
  async trained(
    model: TrainedModel,
    { atMs, who, why }: Attribution,
    meanwhile: () => Promise<Meanwhile> = () => Promise.resolve({}),
  ): Promise<RewardModel> {
    const models = await this.#register.open(model.tenant);
    const changed = await models.changeAsPrepared(model.name, async () => {
      const { missed, ...held } = await meanwhile();
      return { command: { kind: 'train', model, ...(missed && { missed }), atMs, who, why }, ...held };
    });
    return orModelFault(oneOf(changed, model.id));
  }

  /** Throws Fault `model-name-taken` or `model-name-invalid` where no such model could be recorded. */
  async mayBeNamed(model: Pick<TrainedModel, 'tenant' | 'name' | 'purpose'>): Promise<void> {
    const models = await this.#register.open(model.tenant);
    const refusal = nameRefusal(model, models.at(model.name));
    if (refusal !== null) orModelFault(err(refusal));
  }

  async find(tenant: TenantId, idOrName: string): Promise<RewardModel | null> {
    const models = await this.#register.open(tenant);
    const byId = lineOf(models, idOrName)?.models.find(({ id }) => id === idOrName);
    if (byId !== undefined) return byId;
    const named = modelsIn(models.at(idOrName));
    return named.find(({ status }) => status === 'live') ?? named.at(-1) ?? null;
  }

  async all(tenant: TenantId): Promise<readonly RewardModel[]> {
    const lines = [...(await this.#register.open(tenant)).all()].filter((line) => line.status === 'some');
    return lines.sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(({ models }) => models.toReversed());
  }

  /** Puts a model live or retires it, as a person asked; the model as it is afterwards. Throws Fault with the refusal's code. */
  async move(tenant: TenantId, id: ModelId, kind: 'live' | 'retire', by: Attribution): Promise<RewardModel> {
    const { atMs, who, why } = by;
    const models = await this.#register.open(tenant);
    return orModelFault(await change(models, id, { kind, id, atMs, who, why }));
  }

  async markStale(
    tenant: TenantId,
    ids: readonly ModelId[],
    reason: StaleReason,
    { atMs, who, why }: Attribution,
  ): Promise<readonly ModelId[]> {
    const models = await this.#register.open(tenant);
    const marked: ModelId[] = [];
    for (const id of ids) {
      // A tenant that was removed meanwhile has none.
      if (lineOf(models, id) === undefined) continue;
      orModelFault(await change(models, id, { kind: 'mark-stale', id, reason, atMs, who, why }));
      marked.push(id);
    }
    return marked;
  }
}

type Line = Extract<RewardModelLine, { status: 'some' }>;

async function change(
  models: OpenModels,
  id: ModelId,
  command: RewardModelCommand,
): Promise<Result<RewardModel, RewardModelRefusal>> {
  const line = lineOf(models, id);
  return line === undefined ? err(unknown(id)) : oneOf(await models.change(line.name, command), id);
}

/** The models among which the one with the id is. */
function lineOf(models: OpenModels, id: string): Line | undefined {
  for (const line of models.all())
    if (line.status === 'some' && line.models.some((model) => model.id === id)) return line;
  return undefined;
}

function oneOf(
  changed: Result<RewardModelLine, RewardModelRefusal>,
  id: ModelId,
): Result<RewardModel, RewardModelRefusal> {
  if (!changed.ok) return changed;
  const model = modelsIn(changed.value).find((one) => one.id === id);
  return model === undefined ? err(unknown(id)) : ok(model);
}

function modelsIn(line: RewardModelLine): readonly RewardModel[] {
  return line.status === 'some' ? line.models : [];
}

function unknown(id: ModelId): RewardModelRefusal {
  return { code: 'model-unknown', message: `There is no model ${id}.` };
}
