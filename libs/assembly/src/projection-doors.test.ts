import { openEmbeddedPostgres, openPostgres, type Postgres } from '@heed/postgres';
import { ReadAgain, type ProjectionDoor } from '@heed/projector';
import type { WarehouseCopies } from '@heed/sessions';
import {
  readWarehouseMigrations,
  SqlExpirableRows,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrationsFolder } from './migrations-folder.ts';
import { ProjectionPause, projectorSide } from './projection-doors.ts';

const running = new AbortController().signal;
const nothing = (): Promise<void> => Promise.resolve();

/** A batch that is being written, until it is told to end. */
interface Batch {
  end(): void;
  readonly ended: Promise<void>;
}

describe('the doors between processes', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-doors-'));
  let server: Postgres;
  let processes: readonly Postgres[];
  let warehouse: Warehouse;
  let one: ProjectionDoor;
  let two: ProjectionDoor;
  /** The warehouse as `one` has it. */
  let behind: Warehouse;
  let pause: ProjectionPause;

  beforeAll(async () => {
    server = await openEmbeddedPostgres({ dataDir, passClosedFolders: true });
    processes = await Promise.all([1, 2, 3].map(() => openPostgres({ url: server.url })));
    warehouse = await openTemporaryWarehouse(readWarehouseMigrations(migrationsFolder('clickhouse')));
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.close()));
    await warehouse.close();
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  beforeEach(() => {
    const [first = server, second = server, third = server] = processes;
    ({ door: one, behind } = projectorSide(first, warehouse));
    ({ door: two } = projectorSide(second, warehouse));
    pause = new ProjectionPause(third, running);
  });

  it("keep a projector's first batch apart from every other, and let the later ones in together", async () => {
    await one(nothing, running);
    const later = await begin(one);
    let began = false;
    const first = two(() => {
      began = true;
      return nothing();
    }, running);
    await untilWaiting(server);
    expect(began).toBe(false);
    later.end();
    await Promise.all([later.ended, first]);
    const together = [await begin(one), await begin(two)];
    for (const batch of together) batch.end();
    await Promise.all(together.map(({ ended }) => ended));
  });

  it('give a batch back that waited while the projection stood still, and take it the next time', async () => {
    await one(nothing, running);
    let batch: Promise<void> | undefined;
    await pause.whilePaused(async () => {
      batch = one(() => Promise.reject(new Error('written during the pause')), running);
      batch.catch(() => undefined);
      await untilWaiting(server);
    });
    await expect(batch).rejects.toBeInstanceOf(ReadAgain);
    await one(nothing, running);
  });

  it('give a batch back that was read before the projection stood still, although nobody is inside any more', async () => {
    await one(nothing, running);
    await pause.whilePaused(nothing);
    const batch = one(() => Promise.reject(new Error('written as it was read')), running);
    await expect(batch).rejects.toBeInstanceOf(ReadAgain);
    await one(nothing, running);
    await pause.whilePaused(() => Promise.reject(new Error('cut off'))).catch(() => undefined);
    await expect(one(nothing, running)).rejects.toBeInstanceOf(ReadAgain);
    await one(nothing, running);
  });

  it('hold back whoever needs the projection to stand still until the batch in hand is written', async () => {
    const order: string[] = [];
    const batch = await begin(one);
    const paused = pause.whilePaused(() => Promise.resolve(order.push('paused')));
    await untilWaiting(server);
    order.push('written');
    batch.end();
    await Promise.all([batch.ended, paused]);
    expect(order).toEqual(['written', 'paused']);
  });

  it('fail a batch whose lock was lost, so that it comes again', async () => {
    const batch = await begin(one);
    await loseLocks(server);
    batch.end();
    await expect(batch.ended).rejects.toMatchObject({ code: 'lock-lost' });
    await one(nothing, running);
  });

  it('let nobody change the warehouse who has lost his place while he slept', async () => {
    const write = (): Promise<void> => behind.execute('SELECT 1');
    const batch = await begin(one);
    await write();
    await loseLocks(server);
    await expect(untilItRejects(write)).rejects.toMatchObject({ code: 'lock-lost' });
    batch.end();
    await expect(batch.ended).rejects.toMatchObject({ code: 'lock-lost' });
    await one(write, running);
  });

  it('let nobody forget or expire anything who has lost the pause while he slept', async () => {
    const paused = pause.behind(warehouse);
    const write = (): Promise<void> => paused.execute('SELECT 1');
    const forgetting = pause.whilePaused(async () => {
      await write();
      await loseLocks(server);
      await untilItRejects(write);
    });
    await expect(forgetting).rejects.toMatchObject({ code: 'lock-lost' });
    await expect(write()).rejects.toMatchObject({ code: 'lock-lost' });
    await pause.whilePaused(write);
  });

  it('put no copy in place when the lock was lost while it was made', async () => {
    const replaced: string[] = [];
    const copies = pause.guarded(copiesThatNote(warehouse, replaced));
    const rebuilt = pause.whilePaused(async () => {
      const copy = await copies.begin();
      await loseLocks(server);
      await copy.replace();
    });
    await expect(rebuilt).rejects.toMatchObject({ code: 'lock-lost' });
    expect(replaced).toEqual([]);
    await pause.whilePaused(async () => (await copies.begin()).replace());
    expect(replaced).toEqual(['replaced']);
  });

  it('let nobody write into a warehouse that was replaced by half', async () => {
    await warehouse.execute('CREATE TABLE replace_under_way (x UInt8) ENGINE = MergeTree ORDER BY x');
    try {
      await expect(one(nothing, running)).rejects.toMatchObject({ code: 'warehouse-broken' });
    } finally {
      await warehouse.execute('DROP TABLE replace_under_way SYNC');
    }
    await one(nothing, running);
  });
});

async function begin(door: ProjectionDoor): Promise<Batch> {
  const began = Promise.withResolvers<undefined>();
  const ending = Promise.withResolvers<undefined>();
  const ended = door(async () => {
    began.resolve(undefined);
    await ending.promise;
  }, running);
  ended.catch(() => undefined);
  await Promise.race([began.promise, ended]);
  return { end: () => ending.resolve(undefined), ended };
}

/** Copies of nothing, of which it is told when one was put in place. */
function copiesThatNote(warehouse: Warehouse, replaced: string[]): WarehouseCopies {
  return {
    begin: () =>
      Promise.resolve({
        sessions: new WarehouseSessionStore(warehouse),
        expirable: new SqlExpirableRows(warehouse),
        liveOutcomeModels: { counts: () => Promise.resolve([]), of: () => Promise.resolve([]) },
        recount: nothing,
        compare: () => Promise.resolve([]),
        replace: () => {
          replaced.push('replaced');
          return Promise.resolve([]);
        },
        discard: nothing,
      }),
  };
}

async function untilItRejects(work: () => Promise<void>): Promise<never> {
  for (;;) {
    await work();
    await new Promise(setImmediate);
  }
}

async function untilWaiting({ pool }: Postgres): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ waiting: number }>(
      "SELECT count(*) AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
    );
    if ((rows[0]?.waiting ?? 0) > 0) return;
  }
}

async function loseLocks({ pool }: Postgres): Promise<void> {
  await pool.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted");
}
