import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AdvisoryLock, type HeldLock } from './advisory-lock.ts';
import { openEmbeddedPostgres, openPostgres } from './open-postgres.ts';
import { PausableNetwork } from './pausable-network.ts';
import type { Postgres } from './postgres.ts';

const LEASE_MS = 2_000;

/** Somebody inside, until he is told to leave. */
interface Inside {
  readonly held: HeldLock;
  readonly leave: () => void;
  readonly left: Promise<void>;
}

describe('AdvisoryLock', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-lock-'));
  let server: Postgres;
  /** What another process has: another pool on the same database. */
  let other: Postgres;
  let number = 0;
  let here: AdvisoryLock;
  let there: AdvisoryLock;

  beforeAll(async () => {
    server = await openEmbeddedPostgres({ dataDir, passClosedFolders: true });
    other = await openPostgres({ url: server.url });
  });
  afterAll(async () => {
    await other.close();
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  beforeEach(() => {
    const name = `test ${++number}`;
    here = new AdvisoryLock(server, name);
    there = new AdvisoryLock(other, name);
  });

  it('lets those who share in together, and tells them that they did not wait', async () => {
    const [one, two] = [await enter(here, 'shared'), await enter(there, 'shared')];
    expect([one.held.waited, two.held.waited]).toEqual([false, false]);
    one.leave();
    two.leave();
    await Promise.all([one.left, two.left]);
  });

  it('lets nobody in beside one who is alone, and tells who waited that he did', async () => {
    const order: string[] = [];
    const alone = await enter(here, 'exclusively');
    const sharing = there.shared((held) => {
      order.push(held.waited ? 'waited' : 'did not wait');
      return Promise.resolve();
    });
    await untilWaiting(server, 1);
    order.push('alone ends');
    alone.leave();
    await Promise.all([alone.left, sharing]);
    expect(order).toEqual(['alone ends', 'waited']);
  });

  it('lets nobody in before one who waits to be alone', async () => {
    const order: string[] = [];
    const note = (what: string) => (): Promise<void> => {
      order.push(what);
      return Promise.resolve();
    };
    const first = await enter(here, 'shared');
    const alone = there.exclusively(note('alone'));
    await untilWaiting(server, 1);
    const second = here.shared(note('second'));
    await untilWaiting(server, 2);
    first.leave();
    await Promise.all([first.left, alone, second]);
    expect(order).toEqual(['alone', 'second']);
  });

  it('is given up by who is told to stop, also while others have all of the connections', async () => {
    const alone = await enter(there, 'exclusively');
    const stopping = new AbortController();
    const { max } = server.pool.options;
    const waiting = Array.from({ length: max + 1 }, () =>
      here.shared(() => Promise.resolve(), stopping.signal).catch((thrown: unknown) => thrown),
    );
    await untilWaiting(other, max);
    stopping.abort('told to');
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => 'told to'));
    alone.leave();
    await alone.left;
    await here.exclusively(() => Promise.resolve());
  });

  it('ends with its connection, and says so to whoever relied on it', async () => {
    const alone = await enter(here, 'exclusively');
    await alone.held.confirm();
    await endHolders(other, alone.held);
    await expect(alone.held.confirm()).rejects.toMatchObject({ code: 'lock-lost' });
    // The next one is in although nobody left.
    const next = await enter(there, 'exclusively');
    alone.leave();
    await expect(alone.left).rejects.toMatchObject({ code: 'lock-lost' });
    next.leave();
    await next.left;
  });

  it('passes to the next when its holder is cut off without a word, and its holder knows', async () => {
    const network = await PausableNetwork.before(server.url);
    const cutOff = await openPostgres({ url: network.url });
    const name = `test ${number}`;
    const sleeper = await enter(new AdvisoryLock(cutOff, name, LEASE_MS), 'exclusively');
    sleeper.held.assertHeld();
    network.pause();
    // Nobody left, no connection was closed.
    const next = await enter(there, 'exclusively');
    expect(next.held.waited).toBe(true);
    await aborted(sleeper.held.lost);
    expect(() => sleeper.held.assertHeld()).toThrow(expect.objectContaining({ code: 'lock-lost' }));
    sleeper.leave();
    await expect(sleeper.left).rejects.toMatchObject({ code: 'lock-lost' });
    network.resume();
    next.held.assertHeld();
    next.leave();
    await next.left;
    await cutOff.close();
    await network.close();
  });

  it('is held for longer than its lease by one who lives, and leaves no lease on the connection', async () => {
    const inside = await enter(new AdvisoryLock(server, `test ${number}`, LEASE_MS), 'exclusively');
    await untilHeardOfAfter(server, LEASE_MS);
    inside.held.assertHeld();
    inside.leave();
    await inside.left;
    const { rows } = await server.pool.query<{ lease: string }>(
      "SELECT current_setting('idle_session_timeout') AS lease",
    );
    expect(rows).toEqual([{ lease: '0' }]);
  });

  it('gives up waiting when it is told to, and leaves nothing behind that keeps others out', async () => {
    const alone = await enter(here, 'exclusively');
    const stopping = new AbortController();
    const waiting = there.shared(() => Promise.resolve('in'), stopping.signal);
    await untilWaiting(server, 1);
    stopping.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    alone.leave();
    await alone.left;
    expect(await here.exclusively(() => Promise.resolve('free again'))).toBe('free again');
  });

  it("passes the work's own failure on, and is free afterwards", async () => {
    await expect(here.exclusively(() => Promise.reject(new Error('work failed')))).rejects.toThrow(
      'work failed',
    );
    const { held, leave, left } = await enter(there, 'exclusively');
    expect(held.waited).toBe(false);
    leave();
    await left;
  });
});

async function enter(lock: AdvisoryLock, how: 'shared' | 'exclusively'): Promise<Inside> {
  const entered = Promise.withResolvers<HeldLock>();
  const leaving = Promise.withResolvers<undefined>();
  const left = lock[how](async (held) => {
    entered.resolve(held);
    await leaving.promise;
  });
  left.catch(() => undefined);
  return { held: await entered.promise, leave: () => leaving.resolve(undefined), left };
}

async function untilWaiting({ pool }: Postgres, count: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ waiting: number }>(
      "SELECT count(*) AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
    );
    if ((rows[0]?.waiting ?? 0) >= count) return;
  }
}

/** Resolves when the one who holds a lock has said something so long after he was first asked about. */
async function untilHeardOfAfter({ pool }: Postgres, ms: number): Promise<void> {
  const heardOf = async (): Promise<number> => {
    const { rows } = await pool.query<{ ms: number }>(
      `SELECT (extract(epoch FROM state_change) * 1000)::bigint AS ms FROM pg_stat_activity
       WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)`,
    );
    const [found] = rows;
    if (found === undefined) throw new Error('nobody holds a lock');
    return found.ms;
  };
  const first = await heardOf();
  while ((await heardOf()) - first <= ms) await new Promise(setImmediate);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}

/** Ends every connection that holds a lock, as an administrator or a broken network would, and waits until it is noticed. */
async function endHolders({ pool }: Postgres, { lost }: HeldLock): Promise<void> {
  const noticed = aborted(lost);
  await pool.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted");
  await noticed;
}
