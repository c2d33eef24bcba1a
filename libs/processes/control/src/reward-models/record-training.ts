import { Fault, type TenantId } from '@heed/kernel';
import {
  CLOCK,
  ERASURE_REGISTER,
  EVENT_STORE,
  RETENTION_STORE,
  TOUCHED_EVENTS,
  type Clock,
} from '@heed/platform';
import type { ErasureRegister } from '@heed/events';
import {
  erasedEventsOf,
  leaningOf,
  type Attribution,
  type EndedTraining,
  type ErasedEvents,
  type EventStore,
  type RewardModel,
  type StaleReason,
  type TrainingRecord,
} from '@heed/policies';
import type { DrawnHorizons } from '@heed/retention';
import type { TouchedEvents } from '@heed/sessions';
import { Inject, Injectable } from '@nestjs/common';
import { lastRemoval, removalStreamOf } from '../event-sourced/tenant-register.ts';
import { forgetsBack } from './expired-since.ts';
import { forgottenSince, forgottenStreamOf } from './forgotten-users.ts';
import { ModelRegister, type Meanwhile } from './model-register.ts';
import { staleByErasure } from './stale-by-erasure.ts';

/**
 * Erasures and trainings run side by side, in any processes. An erasure takes its events from where trainings read, notes that, and then looks through
 * the models. A training looks at the notes that were made since before it read, and records its model only if none was made since that look: so
 * whatever the order, one of the two sees the other.
 */
@Injectable()
export class RecordTraining implements TrainingRecord {
  readonly #models: ModelRegister;
  readonly #store: EventStore;
  readonly #register: ErasureRegister;
  readonly #touched: TouchedEvents;
  readonly #retention: DrawnHorizons;
  readonly #clock: Clock;

  constructor(
    @Inject(ModelRegister) models: ModelRegister,
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(ERASURE_REGISTER) register: ErasureRegister,
    @Inject(TOUCHED_EVENTS) touched: TouchedEvents,
    @Inject(RETENTION_STORE) retention: DrawnHorizons,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#models = models;
    this.#store = store;
    this.#register = register;
    this.#touched = touched;
    this.#retention = retention;
    this.#clock = clock;
  }

  mayBeNamed(model: Parameters<TrainingRecord['mayBeNamed']>[0]): Promise<void> {
    return this.#models.mayBeNamed(model);
  }

  begin(): Promise<number> {
    return this.#store.head();
  }

  record(training: EndedTraining, by: Attribution): Promise<RewardModel> {
    return this.#models.trained(training.model, by, () => this.#meanwhile(training));
  }

  async #meanwhile({ model: { tenant }, grounds, begun }: EndedTraining): Promise<Meanwhile> {
    const after = await this.#store.head();
    if ((await lastRemoval(this.#store, tenant)) > begun) throw removed(tenant);
    const quiet = { streams: [removalStreamOf(tenant), forgottenStreamOf(tenant)], after };
    const erased = await this.#erasedSince(tenant, begun);
    if (erased.length === 0) return { quiet };
    const expired = await this.#retention.drawnSince(tenant, forgetsBack(grounds.trainedAtMs));
    const leaning = leaningOf(grounds, erased, expired);
    return leaning === null ? { quiet } : { quiet, missed: this.#staleBy(leaning) };
  }

  async #erasedSince(tenant: TenantId, begun: number): Promise<readonly ErasedEvents[]> {
    const noted = await forgottenSince(this.#store, tenant, begun);
    if (noted.length === 0) return [];
    const parts = { register: this.#register, touched: this.#touched };
    const erased: ErasedEvents[] = [];
    for (const erasure of await this.#register.byIds(tenant, noted))
      erased.push(await erasedEventsOf(parts, erasure));
    return erased;
  }

  #staleBy(leaning: NonNullable<ReturnType<typeof leaningOf>>): StaleReason & Attribution {
    const { reason, why } = staleByErasure(leaning);
    return { ...reason, atMs: this.#clock.nowMs(), who: 'heed', why };
  }
}

function removed(tenant: TenantId): Fault {
  return new Fault(
    'tenant-removed',
    `Tenant ${tenant} was removed while this model was trained, and everything that it learnt from. Nothing of it is kept.`,
    'There is nothing left to do. Was the tenant begun again, train on what it has now.',
  );
}
