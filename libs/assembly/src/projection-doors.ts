import { Fault, unlessAborted } from '@heed/kernel';
import { AdvisoryLock, type HeldLock, type Postgres } from '@heed/postgres';
import { ReadAgain, type ProjectionDoor } from '@heed/projector';
import type { WarehouseCopies } from '@heed/sessions';
import { isHalfReplaced, type Warehouse } from '@heed/warehouse';

/** Who fills the warehouse shares it, who changes it as a whole has it alone. */
export function projectionLock(postgres: Postgres): AdvisoryLock {
  return new AdvisoryLock(postgres, 'projection');
}

/** Who counts days has the table in which they are counted alone. */
export function recountLock(postgres: Postgres): AdvisoryLock {
  return new AdvisoryLock(postgres, 'recount');
}

/** A projector's side of the lock. */
export interface ProjectorSide {
  readonly door: ProjectionDoor;
  /** The warehouse behind the door: who slept until his place was given to others changes nothing there any more when he wakes. */
  readonly behind: Warehouse;
}

/**
 * A batch that had to wait, or was read before the projection last stood still, is given back: it may hold what was removed since. Batches come one
 * after the other, and the one given back takes those on their way with it. A projector's first batch, and
 * the first after one that failed, is written while no other projector writes: then the marks of days that are found open were left so by
 * somebody who was cut off.
 */
export function projectorSide(postgres: Postgres, warehouse: Warehouse): ProjectorSide {
  const projection = projectionLock(postgres);
  const marks = new AdvisoryLock(postgres, 'projection marks');
  const inside = new Set<HeldLock>();
  const held = async (lock: HeldLock, work: () => Promise<void>): Promise<void> => {
    inside.add(lock);
    try {
      await work();
    } finally {
      inside.delete(lock);
    }
  };
  const behind = guardedWarehouse(warehouse, () => {
    for (const lock of inside) lock.assertHeld();
  });
  let endedWell = false;
  let known = pausesSoFar(postgres).catch(() => undefined);
  const write = async (work: () => Promise<void>): Promise<void> => {
    if (await isHalfReplaced(warehouse)) throw halfReplaced();
    await work();
  };
  const writeMarking = async (work: () => Promise<void>, stopping: AbortSignal): Promise<void> => {
    const others = endedWell ? 'shared' : 'exclusively';
    endedWell = false;
    await marks[others]((lock) => held(lock, () => write(work)), stopping);
    endedWell = true;
  };
  const door: ProjectionDoor = (work, stopping) =>
    projection.shared(async (lock) => {
      const before = await known;
      const pauses = await pausesSoFar(postgres);
      known = Promise.resolve(pauses);
      if (lock.waited || pauses !== before) throw new ReadAgain();
      await held(lock, () => writeMarking(work, stopping));
    }, stopping);
  return { door, behind };
}

function guardedWarehouse(warehouse: Warehouse, assertAllowed: () => void): Warehouse {
  return {
    database: warehouse.database,
    query: (row, sql, values) => warehouse.query(row, sql, values),
    queryBinary: (sql, values) => warehouse.queryBinary(sql, values),
    insert: async (table, columns, rows) => {
      assertAllowed();
      await warehouse.insert(table, columns, rows);
    },
    execute: async (sql, values) => {
      assertAllowed();
      await warehouse.execute(sql, values);
    },
    answers: () => warehouse.answers(),
    inDatabase: async (name) => guardedWarehouse(await warehouse.inDatabase(name), assertAllowed),
    close: () => warehouse.close(),
  };
}

/** The other side, for whoever needs the projection to stand still. */
export class ProjectionPause {
  readonly #postgres: Postgres;
  readonly #lock: AdvisoryLock;
  readonly #stopping: AbortSignal;
  #held: HeldLock | undefined;
  #before: Promise<unknown> = Promise.resolve();

  /** @param stopping gives up the wait for a pause, with its reason; one that has begun goes on */
  constructor(postgres: Postgres, stopping: AbortSignal) {
    this.#postgres = postgres;
    this.#lock = projectionLock(postgres);
    this.#stopping = stopping;
  }

  /** One of a process after the other: each that waits at the lock keeps a connection, and who is inside needs some. */
  readonly whilePaused = <T>(work: () => Promise<T>): Promise<T> => {
    const done = unlessAborted(this.#stopping, this.#before).then(() => this.#alone(work));
    this.#before = done.catch(() => undefined);
    return done;
  };

  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#lock.exclusively(async (held) => {
      this.#held = held;
      // Before anything is changed, so that whoever is killed in the middle of it has been counted.
      await this.#postgres.orFault(this.#postgres.pool.query("SELECT nextval('projection_pauses')"));
      return work();
    }, this.#stopping);
  }

  /** The same warehouse, which is changed only while the projection still stands still: who slept longer changes nothing when he wakes. */
  behind(warehouse: Warehouse): Warehouse {
    return guardedWarehouse(warehouse, () => this.#held?.assertHeld());
  }

  /** The same copies, which are compared and put in place only while the projection still stands still. */
  guarded(copies: WarehouseCopies): WarehouseCopies {
    return {
      begin: async () => {
        const copy = await copies.begin();
        return {
          ...copy,
          compare: () => this.#confirmed(() => copy.compare()),
          replace: () => this.#confirmed(() => copy.replace()),
        };
      },
    };
  }

  async #confirmed<T>(work: () => Promise<T>): Promise<T> {
    await this.#held?.confirm();
    return work();
  }
}

/** To be asked by who is inside: every pause that is over has been counted then. */
async function pausesSoFar(postgres: Postgres): Promise<string | undefined> {
  const asked = postgres.pool.query<{ pauses: string }>(
    "SELECT concat(last_value, ' ', is_called) AS pauses FROM projection_pauses",
  );
  const { rows } = await postgres.orFault(asked);
  return rows[0]?.pauses;
}

function halfReplaced(): Fault {
  return new Fault(
    'warehouse-broken',
    'A rebuild of the warehouse was cut off while its tables were exchanged.',
    'Nothing is lost: the log has every event. Stop every projector, then start them again: the first one fills a new warehouse from the log.',
  );
}
