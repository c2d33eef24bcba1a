import { Fault, ok, type Result, type TenantId } from '@heed/kernel';
import type { Clock } from '@heed/platform';
import type { EventStore, Quiet } from '@heed/policies';
import { MostRecent, TENANTS_HELD } from '../most-recent.ts';
import type { Aggregate } from './aggregate.ts';
import { TenantStreams } from './tenant-streams.ts';

/** How often a command is decided anew because another process changed the same aggregate in between. */
const ATTEMPTS = 5;

/**
 * The aggregates of a kind of every tenant: a fold of the event store, brought up to date by reading what is new before
 * anything is answered, so that any number of processes say the same.
 */
export class TenantRegister<State, Command, Event, Refusal> {
  readonly #aggregate: Aggregate<State, Command, Event, Refusal>;
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #tenants = new MostRecent<TenantId, TenantStreams<State, Event>>(TENANTS_HELD);

  constructor(aggregate: Aggregate<State, Command, Event, Refusal>, store: EventStore, clock: Clock) {
    this.#aggregate = aggregate;
    this.#store = store;
    this.#clock = clock;
  }

  /** The tenant's as of now. Cost: one read of what is new. */
  async open(tenant: TenantId): Promise<OpenStreams<State, Command, Refusal>> {
    const folded = await this.#folded(tenant);
    return {
      all: () => folded.all(),
      at: (id) => folded.at(this.#streamOf(tenant, id)).state,
      change: (id, command) => this.#change(tenant, id, folded, () => Promise.resolve({ command })),
      changeAsPrepared: (id, prepare) => this.#change(tenant, id, folded, prepare),
    };
  }

  async #folded(tenant: TenantId): Promise<TenantStreams<State, Event>> {
    const removedAt = await lastRemoval(this.#store, tenant);
    let streams = this.#tenants.get(tenant);
    if (streams?.removedAt !== removedAt)
      this.#tenants.set(tenant, (streams = new TenantStreams(this.#aggregate, removedAt)));
    streams.takeIn(await this.#store.readAll(this.#streamOf(tenant, ''), streams.position));
    return streams;
  }

  async #change(
    tenant: TenantId,
    id: string,
    opened: TenantStreams<State, Event>,
    prepare: () => Promise<Prepared<Command>>,
  ): Promise<Result<State, Refusal>> {
    const { decide, evolve, toStored } = this.#aggregate;
    const stream = this.#streamOf(tenant, id);
    let streams = opened;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { command, quiet } = await prepare();
      const { version, state } = streams.at(stream);
      const decided = decide(command, state);
      if (!decided.ok) return decided;
      if (decided.value.length === 0) return ok(state);
      const after = decided.value.reduce(evolve, state);
      const events = decided.value.map(toStored);
      // What was decided of a tenant before its removal is not recorded after it.
      const whileQuiet = quiet ?? { streams: [removalStreamOf(tenant)], after: streams.removedAt };
      const appended = await this.#store.append(stream, version, events, this.#clock.nowMs(), whileQuiet);
      if (appended.ok) {
        streams.put(stream, appended.value, after);
        return ok(after);
      }
      streams = await this.#folded(tenant);
    }
    throw changedTooOften(stream);
  }

  // Tenant names have no slash (see Tenant in @heed/platform), so no tenant's prefix is another's.
  #streamOf(tenant: TenantId, id: string): string {
    return `${this.#aggregate.kind}/${tenant}/${id}`;
  }
}

/** A tenant's aggregates of a kind as of when they were opened, and the way to change them. */
export interface OpenStreams<State, Command, Refusal> {
  all(): Iterable<State>;
  at(id: string): State;
  /** Decides and appends; tries again by itself when another process was quicker. The state as it is afterwards. */
  change(id: string, command: Command): Promise<Result<State, Refusal>>;
  /** The same for a command that is made anew for each attempt. */
  changeAsPrepared(id: string, prepare: () => Promise<Prepared<Command>>): Promise<Result<State, Refusal>>;
}

/** A command, and what must not have happened since it was made; where nothing is named, the tenant's removal. */
export interface Prepared<Command> {
  readonly command: Command;
  readonly quiet?: Quiet;
}

/** Records that a tenant was removed: nothing of what was decided for it so far exists any more, though the record of it stays. */
export async function recordRemoval(
  store: EventStore,
  tenant: TenantId,
  { atMs, who, why }: { atMs: number; who: string; why: string },
  recordedAtMs: number,
): Promise<void> {
  const stream = removalStreamOf(tenant);
  const data = { at: new Date(atMs).toISOString(), who, why };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { length } = await store.load(stream);
    if ((await store.append(stream, length, [{ type: 'tenant-removed.v1', data }], recordedAtMs)).ok) return;
  }
  throw changedTooOften(stream);
}

/** Position of the tenant's last removal in the store; 0 when it was never removed. */
export async function lastRemoval(store: EventStore, tenant: TenantId): Promise<number> {
  return (await store.load(removalStreamOf(tenant))).at(-1)?.position ?? 0;
}

export const removalStreamOf = (tenant: TenantId): string => `tenant/${tenant}`;

function changedTooOften(stream: string): Fault {
  return new Fault('wrong-version', `${stream} is being changed by others at the same time.`, 'Try again.');
}
