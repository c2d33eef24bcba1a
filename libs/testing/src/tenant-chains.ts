import type { TenantId } from '@heed/kernel';
import type { ChainStore, MiningWindow, PairEvidence, StateText } from '@heed/mining';
import type { DerivedSession, SessionStore } from '@heed/sessions';

export interface ChainStores {
  readonly sessions: SessionStore;
  readonly chains: ChainStore;
}

const ALWAYS: MiningWindow = {};

/** One tenant's view of the two stores, with states by their names: ids are the store's own business. */
export class TenantChains {
  readonly id: TenantId;
  readonly #stores: ChainStores;
  readonly #days = new Map<string, string>();
  #version = 0;

  constructor(stores: ChainStores, id: TenantId) {
    this.#stores = stores;
    this.id = id;
  }

  /** Writes sessions as their newest derivation, the way the projector does. Returns the version they got. */
  async put(...sessions: readonly DerivedSession[]): Promise<number> {
    this.#version++;
    await this.putAs(this.#version, ...sessions);
    return this.#version;
  }

  async putAs(version: number, ...sessions: readonly DerivedSession[]): Promise<void> {
    const derived = sessions.map((session) => {
      const previousDay = this.#days.get(session.session);
      this.#days.set(session.session, session.day);
      return { tenant: this.id, version, session, ...(previousDay !== undefined && { previousDay }) };
    });
    await this.#stores.sessions.apply({ filed: [], derived, deadLetters: [] });
  }

  recount(): Promise<readonly string[]> {
    return this.#stores.chains.recount(this.id);
  }

  /** The counts as lines, `a > b: 3` and `b > success: 2`, sorted; figures to nine digits. */
  async counts(window: MiningWindow = ALWAYS, decayPerDay = 1): Promise<readonly string[]> {
    const counts = await this.#stores.chains.counts(this.id, window, decayPerDay);
    const nameOf = await this.#names();
    const names = Array.from(counts.stateIds, (id) => nameOf.get(id) ?? `unknown ${id}`);
    const steps = Array.from(
      counts.steps,
      (times, k) => [names[counts.from[k] ?? -1], names[counts.to[k] ?? -1], times] as const,
    );
    const ends = (['successes', 'failures', 'unlabelled'] as const).flatMap((end) =>
      Array.from(counts[end], (times, row) => [names[row], end, times] as const),
    );
    return [...steps, ...ends]
      .filter(([, , times]) => times !== 0)
      .map(([from, to, times]) => `${from} > ${to}: ${Number(times.toFixed(9))}`)
      .sort();
  }

  /** Evidence for pairs by name; ids of states that the tenant has never seen cannot be asked for. */
  async evidence(
    pairs: readonly (readonly [from: string, to: string])[],
    window = ALWAYS,
    sessionIds = 10,
  ): Promise<readonly PairEvidence[]> {
    const ids = await this.#ids();
    const asked = pairs.map(([from, to]) => ({ from: idIn(ids, from), to: idIn(ids, to) }));
    return this.#stores.chains.evidence(this.id, window, asked, sessionIds);
  }

  async text(state: string, window = ALWAYS): Promise<Omit<StateText, 'id'> | undefined> {
    const id = idIn(await this.#ids(), state);
    const [text] = await this.#stores.chains.texts(this.id, window, [id]);
    return text && { state: text.state, bestWording: text.bestWording, commonWording: text.commonWording };
  }

  async idOf(state: string): Promise<bigint> {
    return idIn(await this.#ids(), state);
  }

  async #names(): Promise<ReadonlyMap<bigint, string>> {
    const { stateIds } = await this.#stores.chains.counts(this.id, ALWAYS, 1);
    const texts = await this.#stores.chains.texts(this.id, ALWAYS, [...stateIds]);
    return new Map(texts.map(({ id, state }) => [id, state]));
  }

  async #ids(): Promise<ReadonlyMap<string, bigint>> {
    return new Map([...(await this.#names())].map(([id, state]) => [state, id]));
  }
}

function idIn(ids: ReadonlyMap<string, bigint>, state: string): bigint {
  const id = ids.get(state);
  if (id === undefined)
    throw new RangeError(`the counts know no state "${state}": was it put and recounted?`);
  return id;
}
