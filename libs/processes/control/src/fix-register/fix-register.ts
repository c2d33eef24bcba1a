import { err, Fault, ok, type FixId, type Result, type TenantId } from '@heed/kernel';
import { CLOCK, EVENT_STORE, type Clock } from '@heed/platform';
import {
  decideFix,
  evolveFix,
  fixEventToStored,
  type EventStore,
  type Fix,
  type FixCommand,
  type FixRefusal,
} from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';
import { MostRecent, TENANTS_HELD } from '../most-recent.ts';
import { TenantFixes } from './tenant-fixes.ts';

/** How often a command is decided anew because another process changed the fix in between. */
const ATTEMPTS = 5;

/**
 * The fixes of every tenant: a fold of the event store, brought up to date by reading what is new before anything is
 * answered, so that any number of processes say the same.
 */
@Injectable()
export class FixRegister {
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #tenants = new MostRecent<TenantId, TenantFixes>(TENANTS_HELD);

  constructor(@Inject(EVENT_STORE) store: EventStore, @Inject(CLOCK) clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The tenant's fixes as of now. Cost: one read of what is new. */
  async open(tenant: TenantId): Promise<OpenFixes> {
    const removedAt = (await this.#store.load(removalStreamOf(tenant))).at(-1)?.position ?? 0;
    let fixes = this.#tenants.get(tenant);
    if (fixes?.removedAt !== removedAt) this.#tenants.set(tenant, (fixes = new TenantFixes(removedAt)));
    fixes.takeIn(await this.#store.readAll(fixStreamOf(tenant, ''), fixes.position));
    const folded = fixes;
    return {
      all: () => folded.all(),
      find: (id) => {
        const { state } = folded.at(fixStreamOf(tenant, id));
        return state.status === 'none' ? undefined : state;
      },
      change: (id, command) => this.#change(tenant, id, command, folded),
    };
  }

  /** Records that the tenant was removed: none of its fixes so far exists any more, though the record of them stays. */
  async remove(
    tenant: TenantId,
    { atMs, who, why }: { atMs: number; who: string; why: string },
  ): Promise<void> {
    const stream = removalStreamOf(tenant);
    const data = { at: new Date(atMs).toISOString(), who, why };
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { length } = await this.#store.load(stream);
      const removed = { type: 'tenant-removed.v1', data };
      if ((await this.#store.append(stream, length, [removed], this.#clock.nowMs())).ok) return;
    }
    throw changedTooOften(`Tenant ${tenant}`);
  }

  async #change(
    tenant: TenantId,
    id: FixId,
    command: FixCommand,
    fixes: TenantFixes,
  ): Promise<Result<Fix, FixRefusal>> {
    const stream = fixStreamOf(tenant, id);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { version, state } = fixes.at(stream);
      const decided = decideFix(command, state);
      if (!decided.ok) return decided;
      const after = decided.value.reduce(evolveFix, state);
      if (after.status === 'none') return err(unknown(id));
      if (decided.value.length === 0) return ok(after);
      const events = decided.value.map(fixEventToStored);
      const appended = await this.#store.append(stream, version, events, this.#clock.nowMs());
      if (appended.ok) {
        fixes.put(stream, appended.value, after);
        return ok(after);
      }
      fixes.takeIn(await this.#store.load(stream));
    }
    throw changedTooOften(`Fix ${id}`);
  }
}

/** A tenant's fixes as of when they were opened, and the way to change them. */
export interface OpenFixes {
  all(): Iterable<Fix>;
  find(id: FixId): Fix | undefined;
  /** Decides and appends; tries again by itself when another process was quicker. The fix as it is afterwards. */
  change(id: FixId, command: FixCommand): Promise<Result<Fix, FixRefusal>>;
}

// Tenant names have no slash (see Tenant in @heed/platform), so no tenant's prefix is another's.
const fixStreamOf = (tenant: TenantId, id: string): string => `fix/${tenant}/${id}`;
const removalStreamOf = (tenant: TenantId): string => `tenant/${tenant}`;

function unknown(id: FixId): FixRefusal {
  return { code: 'fix-unknown', message: `There is no fix ${id}.` };
}

function changedTooOften(what: string): Fault {
  return new Fault('wrong-version', `${what} is being changed by others at the same time.`, 'Try again.');
}
