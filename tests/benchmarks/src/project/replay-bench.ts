import { PROJECTOR_GROUP } from '@heed/platform';
import { ReplayLog } from '@heed/projector';
import { SqlWarehouseCopies, WarehouseChainStore } from '@heed/warehouse';
import { figure, type BenchReport } from '../figures.ts';
import { RULES, withStores } from './bench-stores.ts';
import { fillLog } from './fill-log.ts';
import { memoryNote, sampling } from './memory.ts';
import { numberOptions } from './options.ts';

/**
 * A replay of `--events`, from the log in PostgreSQL into a copy of the warehouse, with labels, and the copy put in the live one's place. The
 * second half is compared with the first: what is already there must not make it slower.
 */
export async function replayBench(args: readonly string[]): Promise<BenchReport> {
  const { events, hot, open } = numberOptions(args, { events: 10_000_000, hot: 0, open: 5000 });
  return withStores(async ({ postgres, log, warehouse, migrations }) => {
    await fillLog(postgres, events, { hot, openSessions: Math.max(1, open) });
    await postgres.pool.query(
      'INSERT INTO event_log_group (name, position) SELECT $1, position FROM event_log_head',
      [PROJECTOR_GROUP],
    );
    const copies = new SqlWarehouseCopies(warehouse, migrations, new WarehouseChainStore(warehouse));
    const replay = new ReplayLog({ log, copies, rules: RULES, whilePaused: (work) => work() });
    const startedS = performance.now() / 1000;
    const reached: { events: number; s: number }[] = [];
    let said = 0;
    const run = replay.run('replace', (stage, done) => {
      if (stage !== 'replaying') return;
      const s = performance.now() / 1000 - startedS;
      reached.push({ events: done, s });
      if (s - said < 10) return;
      said = s;
      process.stderr.write(`${s.toFixed(0)} s: ${String(done)} of ${String(events)} events\n`);
    });
    const [, memory] = await sampling(warehouse, run);
    const wholeS = performance.now() / 1000 - startedS;
    const half = reached.find((at) => at.events >= events / 2);
    const end = reached.at(-1);
    if (half === undefined || end === undefined || end.events !== events)
      throw new Error(`the replay read ${String(end?.events)} of ${String(events)} events`);
    const first = half.events / half.s;
    const second = (end.events - half.events) / (end.s - half.s);
    return {
      name: 'replay',
      figures: [
        figure('the second half', 'events/s', 'higher', [second], 'the first half', [first]),
        figure('all of it', 'events/s', 'higher', [end.events / end.s], 'the first half', [first]),
      ],
      notes: [
        `${String(events)} turns of 400 bytes in sessions of four, ${String(open)} open at once, ${String(hot * 100)} % in one session`,
        `counting days and putting the copy in place ${(wholeS - end.s).toFixed(1)} s more`,
        memoryNote(memory),
      ],
    };
  });
}
