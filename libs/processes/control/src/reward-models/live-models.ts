import { tenantId, type TenantId } from '@heed/kernel';
import type { EventStore, LiveModels, ModelPurpose, RewardModel, RewardModels } from '@heed/policies';
import { removalStreamOf } from '../event-sourced/tenant-register.ts';
import { MODEL_STREAMS } from './model-register.ts';

type ByTenant = ReadonlyMap<TenantId, readonly RewardModel[]>;

/** The live models of all tenants, looked up again when something was decided of a model, or a tenant was removed. */
export class FollowLiveModels implements LiveModels {
  readonly #store: Pick<EventStore, 'head' | 'readAll'>;
  readonly #models: Pick<RewardModels, 'all'>;
  readonly #tenants = new Set<TenantId>();
  readonly #live = new Map<ModelPurpose, ByTenant>();
  #seen = 0;
  #before: Promise<unknown> = Promise.resolve();

  constructor(store: Pick<EventStore, 'head' | 'readAll'>, models: Pick<RewardModels, 'all'>) {
    this.#store = store;
    this.#models = models;
  }

  live(purpose: ModelPurpose): Promise<ByTenant> {
    // One after the other: what one of them reads holds for the decisions that it looked at.
    const found = this.#before.then(() => this.#find(purpose));
    this.#before = found.catch(() => undefined);
    return found;
  }

  async #find(purpose: ModelPurpose): Promise<ByTenant> {
    await this.#look();
    const found = this.#live.get(purpose) ?? (await this.#read(purpose));
    this.#live.set(purpose, found);
    return found;
  }

  async #look(): Promise<void> {
    const head = await this.#store.head();
    if (head === this.#seen) return;
    const [models, removals] = await Promise.all([
      this.#store.readAll(MODEL_STREAMS, this.#seen),
      this.#store.readAll(removalStreamOf(tenantId('')), this.#seen),
    ]);
    for (const { stream } of models) this.#tenants.add(tenantOf(stream));
    if (models.length + removals.length > 0) this.#live.clear();
    this.#seen = head;
  }

  async #read(purpose: ModelPurpose): Promise<ByTenant> {
    const live = new Map<TenantId, readonly RewardModel[]>();
    for (const tenant of this.#tenants) {
      const all = await this.#models.all(tenant);
      const own = all.filter((model) => model.purpose === purpose && model.status === 'live');
      if (own.length > 0)
        live.set(
          tenant,
          own.toSorted((a, b) => liveSinceMs(b) - liveSinceMs(a)),
        );
    }
    return live;
  }
}

function liveSinceMs({ history }: RewardModel): number {
  return history.findLast(({ status, stale }) => status === 'live' && stale !== true)?.atMs ?? 0;
}

/** Tenant names have no slash. */
function tenantOf(stream: string): TenantId {
  return tenantId(stream.slice(MODEL_STREAMS.length).split('/')[0] ?? '');
}
