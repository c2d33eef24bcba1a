import { figure, type BenchReport } from '../figures.ts';
import { logOption } from '../log-option.ts';
import { say } from '../progress.ts';
import { withStores, type BenchStores } from './bench-stores.ts';
import { memoryNote, sampling, type MemoryMiB } from './memory.ts';
import { offerLoad } from './offered-load.ts';
import { numberOptions } from './options.ts';
import { whileProjecting } from './project-until-read.ts';
import { RecordedInserts } from './raw-insert.ts';

const RUNS = 3;
const RECORDED = 96_000;
const IN_ORDER = { openSessions: 1, hot: 0 };

/**
 * Log to warehouse, labels derived. First a backlog, as fast as it goes; reference: the same rows in the same pieces by plain inserts into the
 * same engine, which is what is left when nothing is read, parsed or derived. Then, for `--seconds`, `--rate` events a second, of which
 * `--hot` are of one session: whether the lag stays flat, and what memory that takes. With `--log kafka` the same events come from a topic, into which this
 * process appends them as a collector does.
 */
export async function projectBench(args: readonly string[]): Promise<BenchReport> {
  const { brokers, others } = logOption(args);
  const options = numberOptions(others, { events: 500_000, seconds: 20, rate: 10_000, hot: 0, open: 5000 });
  return withStores(async (stores) => {
    const recorded = new RecordedInserts(stores.folder);
    say('the rows of the reference');
    await backlog(stores, RECORDED, recorded.of(stores.warehouse));
    const ours: number[] = [];
    const memory: MemoryMiB[] = [];
    for (let run = 0; run < RUNS; run++) {
      say(`backlog ${String(run + 1)}/${String(RUNS)}`);
      const [rate, samples] = await sampling(
        stores.warehouse,
        backlog(stores, Math.ceil(options.events / RUNS), stores.warehouse),
      );
      ours.push(rate);
      memory.push(...samples);
    }
    const load = { rate: options.rate, seconds: options.seconds };
    const shape = { openSessions: Math.max(1, options.open), hot: options.hot };
    const offered = options.seconds === 0 ? [] : await offerLoad(stores, { ...load, shape });
    const raw: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      say(`reference ${String(run + 1)}/${String(RUNS)}`);
      raw.push(RECORDED / (await recorded.replayInto(stores)));
    }
    const reference = 'plain inserts of the same rows, from the bytes, into the same engine';
    return {
      name: brokers === undefined ? 'project' : 'project, log on Kafka',
      figures: [figure('a backlog', 'events/s', 'higher', ours, reference, raw)],
      notes: [
        `${String(options.events)} turns of 400 bytes in sessions of four; an event comes to ${(recorded.rows / RECORDED).toFixed(2)} rows`,
        `backlog: ${memoryNote(memory)}`,
        ...offered,
      ],
    };
  }, brokers);
}

/** Events a second. */
async function backlog(
  { log, fill }: BenchStores,
  events: number,
  warehouse: BenchStores['warehouse'],
): Promise<number> {
  await fill(events, IN_ORDER);
  const startedNs = process.hrtime.bigint();
  await whileProjecting(log, warehouse, () => Promise.resolve());
  return events / (Number(process.hrtime.bigint() - startedNs) / 1e9);
}
