import { err, ok, type FixId, type Result, type TenantId } from '@heed/kernel';
import { CLOCK, EVENT_STORE, type Clock } from '@heed/platform';
import {
  decideFix,
  evolveFix,
  fixEventFromStored,
  fixEventToStored,
  initialFix,
  type Attribution,
  type EventStore,
  type Fix,
  type FixCommand,
  type FixEvent,
  type FixRefusal,
  type FixState,
} from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';
import type { Aggregate } from '../event-sourced/aggregate.ts';
import { recordRemoval, TenantRegister } from '../event-sourced/tenant-register.ts';

export const fixAggregate: Aggregate<FixState, FixCommand, FixEvent, FixRefusal> = {
  kind: 'fix',
  initial: initialFix,
  decide: decideFix,
  founds: ({ kind }) => kind === 'fix-proposed',
  evolve: evolveFix,
  toStored: fixEventToStored,
  fromStored: fixEventFromStored,
};

/** The fixes of every tenant. */
@Injectable()
export class FixRegister {
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #register: TenantRegister<FixState, FixCommand, FixEvent, FixRefusal>;

  constructor(@Inject(EVENT_STORE) store: EventStore, @Inject(CLOCK) clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#register = new TenantRegister(fixAggregate, store, clock);
  }

  /** The tenant's fixes as of now. Cost: one read of what is new. */
  async open(tenant: TenantId): Promise<OpenFixes> {
    const streams = await this.#register.open(tenant);
    return {
      all: () => [...streams.all()].filter(isThere),
      find: (id) => {
        const state = streams.at(id);
        return isThere(state) ? state : undefined;
      },
      change: async (id, command) => {
        const changed = await streams.change(id, command);
        if (!changed.ok) return changed;
        return isThere(changed.value) ? ok(changed.value) : err(unknown(id));
      },
    };
  }

  /** Records that the tenant was removed, for every register: none of what it had so far exists any more. */
  remove(tenant: TenantId, by: Attribution): Promise<void> {
    return recordRemoval(this.#store, tenant, by, this.#clock.nowMs());
  }
}

/** A tenant's fixes as of when they were opened, and the way to change them. */
export interface OpenFixes {
  all(): Iterable<Fix>;
  find(id: FixId): Fix | undefined;
  /** Decides and appends; tries again by itself when another process was quicker. The fix as it is afterwards. */
  change(id: FixId, command: FixCommand): Promise<Result<Fix, FixRefusal>>;
}

function isThere(state: FixState): state is Fix {
  return state.status !== 'none';
}

function unknown(id: FixId): FixRefusal {
  return { code: 'fix-unknown', message: `There is no fix ${id}.` };
}
