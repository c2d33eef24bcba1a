import { PROJECTOR_GROUP } from '@heed/platform';
import { ReplayLog } from '@heed/projector';
import { SqlWarehouseCopies, WarehouseChainStore } from '@heed/warehouse';
import { figure, type BenchReport } from '../figures.ts';
import { sayNowAndThen } from '../progress.ts';
import { RULES, withStores } from './bench-stores.ts';
import { memoryNote, sampling } from './memory.ts';
import { numberOptions } from './options.ts';
import { workBetween, workNote, workSoFar, type WorkDone } from './work-done.ts';

interface Reached {
  readonly events: number;
  readonly s: number;
  readonly work: Promise<WorkDone>;
}

/**
 * A replay of `--events`, from the log in PostgreSQL into a copy of the warehouse, with labels, and the copy put in the live one's place. The
 * second half is compared with the first: what is already there must not make it slower.
 */
export async function replayBench(args: readonly string[]): Promise<BenchReport> {
  const { events, hot, open } = numberOptions(args, { events: 10_000_000, hot: 0, open: 5000 });
  return withStores(async ({ postgres, log, fill, warehouse, migrations }) => {
    const now = sayNowAndThen();
    await fill(events, { hot, openSessions: Math.max(1, open) }, (filled) =>
      now(() => `${String(filled)} of ${String(events)} events in the log`),
    );
    await postgres.pool.query(
      'INSERT INTO event_log_group (name, position) SELECT $1, position FROM event_log_head',
      [PROJECTOR_GROUP],
    );
    const copies = new SqlWarehouseCopies(warehouse, migrations, new WarehouseChainStore(warehouse));
    const replay = new ReplayLog({ log, copies, rules: RULES, whilePaused: (work) => work() });
    const startedS = performance.now() / 1000;
    const begin: Reached = { events: 0, s: 0, work: workSoFar(warehouse) };
    const reached: Reached[] = [];
    const run = replay.run('replace', (stage, done) => {
      if (stage !== 'replaying') return;
      const s = performance.now() / 1000 - startedS;
      const isHalf = done >= events / 2 && reached.length === 0;
      if (isHalf || done === events) reached.push({ events: done, s, work: workSoFar(warehouse) });
      now(() => `${s.toFixed(0)} s: ${String(done)} of ${String(events)} events`);
    });
    const [, memory] = await sampling(warehouse, run);
    const wholeS = performance.now() / 1000 - startedS;
    const [half, end] = reached;
    if (half === undefined || end === undefined)
      throw new Error(
        `${String(events)} events are replayed at one stroke, and halves of it cannot be told apart: give --events a number above 200000`,
      );
    const [first, second] = [rate(begin, half), rate(half, end)];
    return {
      name: 'replay',
      figures: [
        figure('the second half', 'events/s', 'higher', [second], 'the first half', [first]),
        figure('all of it', 'events/s', 'higher', [rate(begin, end)], 'the first half', [first]),
      ],
      notes: [
        `${String(events)} turns of 400 bytes in sessions of four, ${String(open)} open at once, ${String(hot * 100)} % in one session`,
        `first half: ${await workOf(begin, half)}`,
        `second half: ${await workOf(half, end)}`,
        `counting days and putting the copy in place ${(wholeS - end.s).toFixed(1)} s more`,
        memoryNote(memory),
      ],
    };
  });
}

/** Events a second. */
function rate(from: Reached, to: Reached): number {
  return (to.events - from.events) / (to.s - from.s);
}

async function workOf(from: Reached, to: Reached): Promise<string> {
  return workNote(workBetween(await from.work, await to.work), to.events - from.events);
}
