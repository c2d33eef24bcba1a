import { Fault, unlessAborted } from '@heed/kernel';
import type pg from 'pg';
import { connectionUnless } from './connection-unless.ts';
import type { Postgres } from './postgres.ts';

/** A lock in hand. */
export interface HeldLock {
  /** It was not free when it was asked for: whoever had it may have changed what was known before. */
  readonly waited: boolean;
  /** Aborted as soon as it is known that the lock is lost. That may be late: see `confirm`. */
  readonly lost: AbortSignal;
  /** Passes while nobody else can have the lock, and asks nobody: what was not heard of for so long may be somebody else's. @throws Fault `lock-lost` */
  assertHeld(): void;
  /** Resolves when the lock was held until now, for certain. @throws Fault `lock-lost` */
  confirm(): Promise<void>;
}

type Mode = 'shared' | 'exclusive';

/** The server ends a connection from which it hears nothing for longer than the lease, and the lock with it. */
const LEASE = "set_config('idle_session_timeout', $2, false)";

const STATEMENTS = {
  shared: {
    tryLock: `SELECT pg_try_advisory_lock_shared(hashtextextended($1, 0)) AS done, ${LEASE}`,
    lock: `SELECT true AS done, ${LEASE} FROM pg_advisory_lock_shared(hashtextextended($1, 0))`,
    unlock: `SELECT pg_advisory_unlock_shared(hashtextextended($1, 0)) AS done, ${LEASE}`,
  },
  exclusive: {
    tryLock: `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS done, ${LEASE}`,
    lock: `SELECT true AS done, ${LEASE} FROM pg_advisory_lock(hashtextextended($1, 0))`,
    unlock: `SELECT pg_advisory_unlock(hashtextextended($1, 0)) AS done, ${LEASE}`,
  },
} as const;

const NEVER = new AbortController().signal;

const NO_LEASE_MS = 0;

/** Long for a process that is busy, short for the others who wait for one that sleeps. */
const USUAL_LEASE_MS = 20_000;

/** So many signs of life would have to be missed. */
const BEATS_A_LEASE = 4;

/**
 * A door between processes on one database: any number are inside together (`shared`), or one alone (`exclusively`). Who waits to be alone lets
 * nobody in before him, so he comes to his turn. It stands on a connection of its own and ends with it, however the process ends; and it is leased:
 * whoever is inside says all the while that he lives, and one who sleeps or was cut off is inside no more when the lease is over.
 */
export class AdvisoryLock {
  readonly #postgres: Postgres;
  readonly #name: string;
  readonly #leaseMs: number;

  constructor(postgres: Postgres, name: string, leaseMs = USUAL_LEASE_MS) {
    this.#postgres = postgres;
    this.#name = name;
    this.#leaseMs = leaseMs;
  }

  /**
   * Does the work with others who share; `stopping` gives up the wait for it.
   *
   * @throws Fault `lock-lost` when the lock was lost before the work was done, whatever became of the work; `log-unavailable`
   */
  shared<T>(work: (held: HeldLock) => Promise<T>, stopping?: AbortSignal): Promise<T> {
    return this.#hold('shared', work, stopping);
  }

  /** As `shared`, but alone. */
  exclusively<T>(work: (held: HeldLock) => Promise<T>, stopping?: AbortSignal): Promise<T> {
    return this.#hold('exclusive', work, stopping);
  }

  async #hold<T>(
    mode: Mode,
    work: (held: HeldLock) => Promise<T>,
    stopping: AbortSignal = NEVER,
  ): Promise<T> {
    stopping.throwIfAborted();
    const client = await connectionUnless(this.#postgres, stopping);
    const loss = new AbortController();
    const noteLoss = (cause?: unknown): void => {
      if (!loss.signal.aborted) loss.abort(this.#lost(cause));
    };
    client.on('error', noteLoss).on('end', noteLoss);
    let heardOfMs = performance.now();
    // A connection is asked one thing at a time.
    let asking: Promise<void> = Promise.resolve();
    const beat = (): Promise<void> => {
      const beaten = asking.then(async () => {
        const saidMs = performance.now();
        await this.#confirm(client, loss.signal, noteLoss);
        heardOfMs = saidMs;
      });
      asking = beaten.catch(() => undefined);
      return beaten;
    };
    const giveBack = async (): Promise<void> => {
      clearInterval(beating);
      await asking;
      loss.signal.throwIfAborted();
      await this.#giveBack(client, mode, noteLoss);
    };
    let beating: NodeJS.Timeout | undefined;
    try {
      const waited = await this.#take(client, mode, stopping, noteLoss);
      // Who fell asleep while he waited may have had it, and lost it, before he hears of either.
      if (waited) await beat();
      // A beat that fails has noted the loss.
      beating = setInterval(() => void beat().catch(() => undefined), this.#leaseMs / BEATS_A_LEASE);
      const result = await work({
        waited,
        lost: loss.signal,
        confirm: beat,
        assertHeld: () => {
          if (performance.now() - heardOfMs >= this.#leaseMs) noteLoss();
          loss.signal.throwIfAborted();
        },
      });
      await giveBack();
      return result;
    } catch (thrown) {
      if (!loss.signal.aborted) await giveBack().catch(() => undefined);
      throw thrown;
    } finally {
      clearInterval(beating);
      client.off('error', noteLoss).off('end', noteLoss);
      client.release(loss.signal.aborted);
    }
  }

  /** Tells whether it had to wait. */
  async #take(
    client: pg.PoolClient,
    mode: Mode,
    stopping: AbortSignal,
    giveUp: (cause: unknown) => void,
  ): Promise<boolean> {
    const { tryLock, lock } = STATEMENTS[mode];
    if (await this.#tryLock(client, tryLock, giveUp)) return false;
    const taken = this.#ask(client, lock, this.#leaseMs);
    try {
      await unlessAborted(stopping, taken);
    } catch (cause) {
      // The connection goes back to nobody: the server forgets the wait with it.
      giveUp(cause);
      throw cause;
    }
    return true;
  }

  async #tryLock(
    client: pg.PoolClient,
    statement: string,
    giveUp: (cause: unknown) => void,
  ): Promise<boolean> {
    try {
      return await this.#askInTime(client, statement, this.#leaseMs);
    } catch (cause) {
      giveUp(cause);
      throw cause;
    }
  }

  /** That the very connection which took the lock still has it to give back proves that it was held all the while. */
  async #giveBack(client: pg.PoolClient, mode: Mode, noteLoss: (cause: unknown) => void): Promise<void> {
    try {
      if (await this.#askInTime(client, STATEMENTS[mode].unlock, NO_LEASE_MS)) return;
    } catch (cause) {
      noteLoss(cause);
      throw this.#lost(cause);
    }
    throw this.#lost();
  }

  async #confirm(
    client: pg.PoolClient,
    lost: AbortSignal,
    noteLoss: (cause: unknown) => void,
  ): Promise<void> {
    lost.throwIfAborted();
    try {
      await this.#inTime(client.query('SELECT 1'));
    } catch (cause) {
      noteLoss(cause);
      throw this.#lost(cause);
    }
  }

  #askInTime(client: pg.PoolClient, statement: string, leaseMs: number): Promise<boolean> {
    return this.#inTime(this.#ask(client, statement, leaseMs));
  }

  /** An answer that comes when the lease is over is worth nothing any more. */
  #inTime<T>(answer: Promise<T>): Promise<T> {
    return unlessAborted(AbortSignal.timeout(this.#leaseMs), answer);
  }

  async #ask(client: pg.PoolClient, statement: string, leaseMs: number): Promise<boolean> {
    const asked = client.query<{ done: boolean }>(statement, [`heed lock ${this.#name}`, String(leaseMs)]);
    const { rows } = await this.#postgres.orFault(asked);
    return rows[0]?.done === true;
  }

  #lost(cause?: unknown): Fault {
    return new Fault(
      'lock-lost',
      `The connection that held the lock "${this.#name}" in PostgreSQL was lost before the work under it was done.`,
      'Do it again: what was done meanwhile is not relied upon.',
      { cause },
    );
  }
}
