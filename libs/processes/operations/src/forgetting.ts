import {
  erasureRetryMs,
  logEntryOf,
  type AskedErasure,
  type ErasedSeals,
  type ErasureReach,
  type ErasureRecord,
  type ErasureRegister,
  type ErasureResult,
  type EventLog,
  type PendingErasure,
} from '@heed/events';
import { Fault, fixId, type TenantId } from '@heed/kernel';
import { faultFields, isShuttingDown, sha256Hex, type Clock, type Log, waitUnless } from '@heed/platform';
import { erasedEventsOf, type ErasedEvents, type StaleFixes, type StaleModels } from '@heed/policies';
import {
  ErasureTallies,
  type NamedErasure,
  type TouchedEvents,
  type WarehouseForgetting,
} from '@heed/sessions';
import type { PauseProjection } from './tenants.controller.ts';
import { untilCaughtUp } from './until-caught-up.ts';

/** How long an erasure that an application sent waits at most to be carried out, beside what the projector needs. */
const LOOK_EVERY_MS = 1000;

const WAIT_MS = 50;

/** Erasures carried out together, in one pause of the projection. */
const AT_ONCE = 200;

/**
 * Tries that may fail in one pause: nine tell one of `AT_ONCE` apart. What is left then waits for the next look, and the projection goes on
 * meanwhile.
 */
const MOST_FAILED_TRIES = 16;

/** UTF-16 units of what a store says that are kept of why an erasure failed. */
const LONGEST_REASON = 1000;

export interface ForgettingParts {
  readonly log: EventLog;
  readonly register: ErasureRegister;
  readonly warehouse: WarehouseForgetting;
  readonly whilePaused: PauseProjection;
  readonly fixes: StaleFixes;
  /** Where reward models are trained on what is forgotten. */
  readonly models?: { readonly touched: TouchedEvents; readonly stale: StaleModels };
  readonly clock: Clock;
  readonly journal: Log;
  /** What may not enter the log, not even as the reason of an erasure; nothing when absent. */
  readonly redact?: (body: string) => string | Uint8Array;
}

interface ReachedErasure extends PendingErasure {
  readonly reach: ErasureReach;
}

interface MarkedErasure {
  readonly erasure: ReachedErasure;
  readonly erased: ErasedEvents;
  readonly result: Omit<ErasureResult, 'modelsMarkedStale'>;
}

const NOTHING = { events: 0, sessions: 0, labels: 0 };

/** What is carried out in one pause. */
interface Pause {
  readonly done: ReachedErasure[];
  failedTries: number;
}

/**
 * Forgets users. An erasure is an event of the log; once it is noted its user's keys are destroyed, and what is left to do is done here, in
 * steps that may be repeated: whatever was cut off is pending, and is finished by whoever looks next.
 */
export class Forgetting {
  readonly #parts: ForgettingParts;
  readonly #stopping = new AbortController();
  /** Of what is not finished yet. */
  readonly #tallies = new Map<TenantId, ErasureTallies>();
  #carrying: Promise<unknown> = Promise.resolve();
  #looking: Promise<void> | undefined;

  constructor(parts: ForgettingParts) {
    this.#parts = parts;
  }

  /** Looks every second for erasures that nobody has carried out. */
  start(): void {
    this.#looking ??= this.#look();
  }

  /** Resolves when the erasures in hand are carried out, those of one tenant at most, or have come as far as they can without the projector. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    await this.#carrying;
  }

  /**
   * Resolves when nothing of the user is left. Throws Fault `invalid-request` for what no user is called, `erasure-not-finished`, `tenant-removed`, or the
   * stores' own.
   */
  async erase(tenant: TenantId, user: string, reason: string | undefined): Promise<ErasureResult> {
    const asked = await this.#ask(tenant, user, reason);
    for (;;) {
      await this.#carryOut();
      const record = await this.#parts.register.recordOf(asked);
      if (record === null) throw tenantRemoved(tenant);
      if (record.result !== null) return record.result;
      if (record.failure !== null) throw notFinished(record.id, record.failure.why);
      // Another process is at it.
      this.#refuseWhenStopping();
      await waitUnless(this.#stopping.signal, WAIT_MS);
    }
  }

  /** Those of a tenant that are not carried out, and those that are, so many at most. */
  list(tenant: TenantId, atMost: number): Promise<readonly ErasureRecord[]> {
    return this.#parts.register.list(tenant, atMost);
  }

  async #ask(tenant: TenantId, user: string, reason: string | undefined): Promise<AskedErasure> {
    const { log, register, clock, redact } = this.#parts;
    const receivedAtMs = clock.nowMs();
    const id = `erasure-${crypto.randomUUID()}`;
    const given = JSON.stringify({
      ...{ specversion: '1.0', id, source: '/heed', type: 'heed.erasure.v1', subject: id },
      time: new Date(receivedAtMs).toISOString(),
      data: { user, ...(reason !== undefined && { reason }) },
    });
    const body = redact?.(given) ?? given;
    const { entry, parsed } = logEntryOf({ tenant, receivedAtMs, body }, { sha256: sha256Hex });
    if (!parsed.ok)
      throw new Fault('invalid-request', parsed.error.detail, 'Name the user as its events do.');
    await log.append([entry]);
    const asked = { tenant, key: entry.key, user, receivedAtMs, isAskedNow: true };
    await register.note([asked]);
    return asked;
  }

  async #look(): Promise<void> {
    while (!this.#isStopping()) {
      try {
        await this.#carryOut();
      } catch (thrown) {
        if (!this.#isStopping() && !isShuttingDown(thrown))
          this.#parts.journal.error('erasure-not-finished', faultFields(thrown));
      }
      await waitUnless(this.#stopping.signal, LOOK_EVERY_MS);
    }
  }

  /** All that are pending and have not failed just now, unless another process does. */
  #carryOut(): Promise<void> {
    const { register, clock } = this.#parts;
    const carried = this.#carrying.then(async () => {
      if ((await register.pending(1)).length === 0) {
        this.#tallies.clear();
        return;
      }
      await register.alone(async () => {
        while (!this.#isStopping()) {
          const erasures = await register.pending(AT_ONCE, clock.nowMs());
          if (erasures.length === 0 || !(await this.#carryOutTogether(erasures))) return;
        }
      });
    });
    this.#carrying = carried.catch(() => undefined);
    return carried;
  }

  /**
   * In one pause, in which each of the warehouse's tables is written anew once for all of them and not once for each: who sends a thousand erasures
   * must not keep the projection still for as long as a thousand take. False when so many tries failed that some were not made.
   */
  async #carryOutTogether(erasures: readonly PendingErasure[]): Promise<boolean> {
    const { log, whilePaused } = this.#parts;
    // The warehouse tells which sessions were the users': it has to have all that was there.
    await untilCaughtUp(log, () => this.#refuseWhenStopping(), this.#stopping.signal);
    const pause = await whilePaused(async () => {
      const begun: Pause = { done: [], failedTries: 0 };
      for (const [tenant, own] of Map.groupBy(erasures, (erasure) => erasure.tenant))
        await this.#forgetApart(tenant, own, begun);
      return begun;
    });
    for (const [tenant, done] of Map.groupBy(pause.done, (erasure) => erasure.tenant))
      await this.#finish(tenant, done);
    return pause.failedTries < MOST_FAILED_TRIES;
  }

  /** All together; where that fails in halves, and so on, until what fails is left behind alone. */
  async #forgetApart(tenant: TenantId, erasures: readonly PendingErasure[], pause: Pause): Promise<void> {
    const [first] = erasures;
    const isOver = this.#isStopping() || pause.failedTries >= MOST_FAILED_TRIES;
    if (first === undefined || isOver) return;
    try {
      pause.done.push(...(await this.#forget(tenant, erasures)));
    } catch (thrown) {
      if (isShuttingDown(thrown)) throw thrown;
      if (this.#isStopping()) return;
      pause.failedTries += 1;
      if (erasures.length === 1) {
        await this.#noteFailure(first, thrown);
        return;
      }
      const half = Math.ceil(erasures.length / 2);
      await this.#forgetApart(tenant, erasures.slice(0, half), pause);
      await this.#forgetApart(tenant, erasures.slice(half), pause);
    }
  }

  async #finish(tenant: TenantId, erasures: readonly ReachedErasure[]): Promise<void> {
    const tallies = this.#talliesOf(tenant);
    const gone = tallies.of(erasures.map(({ id }) => id));
    const marked: MarkedErasure[] = [];
    for (const [place, erasure] of erasures.entries())
      await this.#orNoteFailure([erasure], async () => {
        const fixesMarkedStale = await this.#markStale(erasure);
        const erased = await this.#erasedEvents(erasure);
        marked.push({ erasure, erased, result: { ...NOTHING, ...gone[place], fixesMarkedStale } });
      });
    const finished = new Set<string>();
    const all = marked.map(({ erasure }) => erasure);
    await this.#orNoteFailure(all, async () => {
      const models = await this.#markModelsStale(tenant, marked);
      for (const [place, { erasure, result }] of marked.entries())
        await this.#orNoteFailure([erasure], async () => {
          const modelsMarkedStale = models[place] ?? [];
          await this.#parts.register.finish(erasure, { ...result, modelsMarkedStale });
          finished.add(erasure.id);
        });
    });
    tallies.drop(finished);
  }

  /** What fails for one keeps no other waiting. */
  async #orNoteFailure(erasures: readonly PendingErasure[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      for (const erasure of erasures) await this.#noteFailure(erasure, thrown);
    }
  }

  #talliesOf(tenant: TenantId): ErasureTallies {
    const tallies = this.#tallies.get(tenant) ?? new ErasureTallies();
    this.#tallies.set(tenant, tallies);
    return tallies;
  }

  async #noteFailure(erasure: PendingErasure, thrown: unknown): Promise<void> {
    const { register, clock, journal } = this.#parts;
    const { id, tenant } = erasure;
    const tries = erasure.tries + 1;
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    const why = said.slice(0, LONGEST_REASON).replaceAll('\0', '').toWellFormed();
    await register.noteFailure(erasure, { why, againMs: clock.nowMs() + erasureRetryMs(tries) });
    journal.error('erasure-failed', { erasure: id, tenant, tries, ...faultFields(thrown) });
  }

  async #forget(tenant: TenantId, erasures: readonly PendingErasure[]): Promise<readonly ReachedErasure[]> {
    const { register, warehouse } = this.#parts;
    const reached = await this.#withReach(tenant, erasures);
    const named: NamedErasure[] = [];
    for (const erasure of reached) {
      const { sessions } = erasure.reach;
      await register.destroySessionKeys(erasure, sessions);
      named.push({ id: erasure.id, ...(await register.seals(erasure, sessions)) });
    }
    await warehouse.forget(tenant, named, this.#talliesOf(tenant));
    return reached;
  }

  /** What each reaches is told together and noted before anything is removed. */
  async #withReach(
    tenant: TenantId,
    erasures: readonly PendingErasure[],
  ): Promise<readonly ReachedErasure[]> {
    const { register, warehouse, fixes } = this.#parts;
    const unreached = erasures.filter(({ reach }) => reach === null);
    const reaches = new Map<string, ErasureReach>();
    if (unreached.length > 0) {
      const resting = (await fixes.all(tenant)).map(({ id, rewrite: { fromState, toState } }) => ({
        ...{ fix: id, fromState, toState },
      }));
      const seals: ErasedSeals[] = [];
      for (const erasure of unreached) seals.push(await register.seals(erasure, []));
      const found = await warehouse.reach(tenant, seals, resting);
      for (const [index, erasure] of unreached.entries()) {
        const reach = found[index] ?? { sessions: [], fixes: [] };
        await register.noteReach(erasure, reach);
        reaches.set(erasure.id, reach);
      }
    }
    return erasures.map((erasure) => ({
      ...erasure,
      reach: erasure.reach ?? reaches.get(erasure.id) ?? { sessions: [], fixes: [] },
    }));
  }

  #markStale({ tenant, id, reach: { fixes } }: ReachedErasure): Promise<readonly string[]> {
    const { clock, fixes: register } = this.#parts;
    if (fixes.length === 0) return Promise.resolve([]);
    const why = `sessions that it rests on have lost events: a user was forgotten (erasure ${id})`;
    return register.markStale(tenant, fixes.map(fixId), { atMs: clock.nowMs(), who: 'heed', why });
  }

  #erasedEvents(erasure: ReachedErasure): Promise<ErasedEvents> {
    const { models, register } = this.#parts;
    return models === undefined
      ? Promise.resolve({ erasure: erasure.id, events: [], userSinceMs: null })
      : erasedEventsOf({ register, touched: models.touched }, erasure);
  }

  /** All together, so that each model's card is read once for all of them. */
  async #markModelsStale(
    tenant: TenantId,
    marked: readonly MarkedErasure[],
  ): Promise<readonly (readonly string[])[]> {
    const { clock, models } = this.#parts;
    if (models === undefined || marked.length === 0) return [];
    const erased = marked.map((one) => one.erased);
    return models.stale.markLeaningOn(tenant, erased, { atMs: clock.nowMs(), who: 'heed' });
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  #refuseWhenStopping(): void {
    if (!this.#isStopping()) return;
    throw new Fault(
      'shutting-down',
      'This Heed is shutting down. The user cannot be read any more; the rest is finished after the next start.',
      'Ask again then, if you need the figures.',
    );
  }
}

function notFinished(id: string, why: string): Fault {
  return new Fault(
    'erasure-not-finished',
    `The user's key is destroyed, so nobody can read the log of them any more, but the warehouse still has rows (erasure ${id}): ${why}`,
    'Mend what it says. Heed tries again by itself, and `heed erasures` tells how far it has come.',
  );
}

function tenantRemoved(tenant: TenantId): Fault {
  return new Fault(
    'tenant-removed',
    `Tenant ${tenant} was removed meanwhile, and everything of the user with it.`,
    'There is nothing left to do.',
  );
}
