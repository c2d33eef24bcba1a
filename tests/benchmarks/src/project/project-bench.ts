import { figure, type BenchReport } from '../figures.ts';
import { withStores, type BenchStores } from './bench-stores.ts';
import { fillLog } from './fill-log.ts';
import { memoryNote, sampling, type MemoryMiB } from './memory.ts';
import { offerLoad } from './offered-load.ts';
import { numberOptions } from './options.ts';
import { whileProjecting } from './project-until-read.ts';
import { RecordedInserts } from './raw-insert.ts';

const RECORDED = 96_000;
const IN_ORDER = { openSessions: 1, hot: 0 };

/**
 * Log to warehouse, labels derived. First a backlog, as fast as it goes; reference: the same rows in the same pieces by plain inserts into the
 * same engine, which is what is left when nothing is read, parsed or derived. Then, for `--seconds`, `--rate` events a second, of which
 * `--hot` are of one session: whether the lag stays flat, and what memory that takes.
 */
export async function projectBench(args: readonly string[]): Promise<BenchReport> {
  const options = numberOptions(args, { events: 500_000, seconds: 20, rate: 10_000, hot: 0, open: 5000 });
  return withStores(async (stores) => {
    const recorded = new RecordedInserts(stores.folder);
    await backlog(stores, RECORDED, recorded.of(stores.warehouse));
    const ours: number[] = [];
    const memory: MemoryMiB[] = [];
    for (let run = 0; run < 3; run++) {
      const [rate, samples] = await sampling(
        stores.warehouse,
        backlog(stores, Math.ceil(options.events / 3), stores.warehouse),
      );
      ours.push(rate);
      memory.push(...samples);
    }
    const load = { rate: options.rate, seconds: options.seconds };
    const shape = { openSessions: Math.max(1, options.open), hot: options.hot };
    const offered =
      options.seconds === 0
        ? []
        : await offerLoad(stores, { ...load, shape }, (line) => process.stderr.write(`${line}\n`));
    const raw: number[] = [];
    for (let run = 0; run < 3; run++) raw.push(RECORDED / (await recorded.replayInto(stores)));
    const reference = 'plain inserts of the same rows, from the bytes, into the same engine';
    return {
      name: 'project',
      figures: [figure('a backlog', 'events/s', 'higher', ours, reference, raw)],
      notes: [
        `${String(options.events)} turns of 400 bytes in sessions of four; an event comes to ${(recorded.rows / RECORDED).toFixed(2)} rows`,
        `backlog: ${memoryNote(memory)}`,
        ...offered,
      ],
    };
  });
}

/** Events a second. */
async function backlog(
  { postgres, log }: BenchStores,
  events: number,
  warehouse: BenchStores['warehouse'],
): Promise<number> {
  await fillLog(postgres, events, IN_ORDER);
  const startedNs = process.hrtime.bigint();
  await whileProjecting(log, warehouse, () => Promise.resolve());
  return events / (Number(process.hrtime.bigint() - startedNs) / 1e9);
}
