import type { RetentionReport, RetentionView } from '@heed/contract';
import type { EventLog } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import type { ChainStore } from '@heed/mining';
import { faultFields, isShuttingDown, type Clock, type Log } from '@heed/platform';
import {
  dayText,
  decideHorizon,
  MOST_DAYS_BY_ITSELF,
  type Horizon,
  type HorizonAnswer,
  type RetentionStore,
  type WarehouseExpiry,
} from '@heed/retention';
import type { PauseProjection } from './tenants.controller.ts';

export interface RetentionSettings {
  /** Of tenants for which nothing was said; null for ever. */
  readonly days: number | null;
  readonly everyMs: number;
}

export interface RetentionParts {
  readonly log: Pick<EventLog, 'counts'>;
  readonly store: RetentionStore;
  readonly warehouse: WarehouseExpiry;
  readonly chains: Pick<ChainStore, 'recount'>;
  readonly whilePaused: PauseProjection;
  readonly clock: Clock;
  readonly journal: Log;
  readonly settings: RetentionSettings;
}

/** How long each tenant's data is kept, and what is over removed: at the start, every so often, and when somebody says so. */
export class Retention {
  readonly #parts: RetentionParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Begins with what a process that was cut off has left. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the tenant in hand is done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async view(tenant: TenantId): Promise<RetentionView> {
    const { days, isDefault } = await this.#daysOf(tenant);
    const horizons = await this.#horizonsOf(tenant);
    const last = horizons.at(-1);
    const answer = await this.#decide(tenant, days, last, false);
    return {
      tenant,
      days,
      isDefault,
      horizon: last === undefined ? null : dayText(last.horizonMs),
      waiting: answer.kind === 'waits' ? dayText(answer.horizonMs) : null,
    };
  }

  async set(tenant: TenantId, days: number | null, who: string): Promise<RetentionView> {
    const { store, clock } = this.#parts;
    await store.setRule(tenant, { days, who, atMs: clock.nowMs() });
    return this.view(tenant);
  }

  /**
   * Moves the tenant's horizon to where it is to be, and removes what lies before it. The horizon is on record before anything is removed, so
   * that whoever is cut off finishes it the next time.
   *
   * @param isAsked somebody asked for it: then it goes as far as it has to at once
   */
  async apply(tenant: TenantId, isAsked: boolean): Promise<RetentionReport> {
    const { store, warehouse, chains, whilePaused, clock } = this.#parts;
    const { days } = await this.#daysOf(tenant);
    const nothing = { sessions: 0, deadLetters: 0, entries: 0 };
    if (days === null && (await this.#horizonsOf(tenant)).length === 0)
      return { tenant, days, horizon: null, ...nothing };
    const done = await whilePaused(async () => {
      const last = (await this.#horizonsOf(tenant)).at(-1);
      const answer = await this.#decide(tenant, days, last, isAsked);
      if (answer.kind === 'moves') await store.record(tenant, answer.horizon, clock.nowMs());
      if (answer.kind === 'waits') this.#parts.journal.warn('retention-waits', waits(tenant, answer));
      const horizons = await this.#horizonsOf(tenant);
      return { removed: await warehouse.expire(tenant, horizons), horizon: horizons.at(-1) };
    });
    if (done.removed.sessions > 0) await chains.recount(tenant);
    if (done.removed.entries > 0) this.#parts.journal.info('retention-applied', { tenant, ...done.removed });
    const { horizon } = done;
    return {
      tenant,
      days,
      horizon: horizon === undefined ? null : dayText(horizon.horizonMs),
      ...done.removed,
    };
  }

  /** Of tenants whose horizon waits for a word. */
  async problems(
    tenants: readonly TenantId[],
  ): Promise<readonly { readonly what: string; readonly do: string }[]> {
    const views = await Promise.all(tenants.map((tenant) => this.view(tenant)));
    return views.flatMap(({ tenant, horizon, waiting }) =>
      waiting === null
        ? []
        : {
            what: `Tenant ${tenant}: its retention is about to remove everything from before ${waiting} (so far: ${horizon === null ? 'nothing' : `from before ${horizon}`}). That is over more than ${String(MOST_DAYS_BY_ITSELF)} days at once, which it does not do by itself.`,
            do: `See that the clocks of Heed's machines are right. If they are, run \`heed retention apply --tenant ${tenant}\`.`,
          },
    );
  }

  async #run(): Promise<void> {
    const { log, journal, settings } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        for (const { tenant } of await log.counts()) {
          if (this.#stopping.signal.aborted) return;
          await this.#applyOrTell(tenant);
        }
      } catch (thrown) {
        if (!isShuttingDown(thrown)) journal.error('retention-failed', faultFields(thrown));
      }
      await sleep(settings.everyMs, signal);
    }
  }

  /** What fails for one tenant is tried again the next time, and keeps no other waiting. */
  async #applyOrTell(tenant: TenantId): Promise<void> {
    try {
      await this.apply(tenant, false);
    } catch (thrown) {
      if (isShuttingDown(thrown)) throw thrown;
      this.#parts.journal.error('retention-failed', { tenant, ...faultFields(thrown) });
    }
  }

  async #daysOf(tenant: TenantId): Promise<{ readonly days: number | null; readonly isDefault: boolean }> {
    const rule = await this.#parts.store.rule(tenant);
    return rule === undefined
      ? { days: this.#parts.settings.days, isDefault: true }
      : { days: rule.days, isDefault: false };
  }

  async #horizonsOf(tenant: TenantId): Promise<readonly Horizon[]> {
    return (await this.#parts.store.horizons()).get(tenant) ?? [];
  }

  async #decide(
    tenant: TenantId,
    days: number | null,
    last: Horizon | undefined,
    isAsked: boolean,
  ): Promise<HorizonAnswer> {
    if (days === null) return { kind: 'stays' };
    const { warehouse, clock } = this.#parts;
    const newestReceivedMs = await warehouse.newestReceivedMs(tenant);
    const receivedDaysMs = last?.days === days ? [] : await warehouse.receivedDaysMs(tenant);
    return decideHorizon({ days, nowMs: clock.nowMs(), newestReceivedMs, receivedDaysMs, last, isAsked });
  }
}

function waits(tenant: TenantId, { horizonMs, lastMs }: Extract<HorizonAnswer, { kind: 'waits' }>) {
  return { tenant, from: lastMs === null ? null : dayText(lastMs), to: dayText(horizonMs) };
}

/** Milliseconds, or until it is stopped; keeps no process alive. */
function sleep(ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    timer.unref();
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (stopping.aborted) stop();
    else stopping.addEventListener('abort', stop, { once: true });
  });
}
