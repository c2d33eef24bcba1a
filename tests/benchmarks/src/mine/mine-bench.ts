import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tenantId } from '@heed/kernel';
import { DEFAULT_GATES, mineTenant, type MiningReport } from '@heed/mining';
import { readWarehouseMigrations, WarehouseChainStore, type Warehouse } from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { z } from 'zod';
import { figure, type BenchReport } from '../figures.ts';
import { dirtyOneDay, fillWarehouse } from './fill-warehouse.ts';
import { writeColumns, writeSessions } from './load-files.ts';
import { repositoryFolder } from '../repository-folder.ts';
import { FULL_LOAD, syntheticLoad, type LoadSize } from './synthetic-load.ts';

const TENANT = tenantId('bench');
const REFERENCE = 'pandas and SciPy';

const reference = z.object({
  seconds: z.object({
    counts: z.number(),
    oneDay: z.number(),
    chain: z.number(),
    evidence: z.number(),
    gates: z.number(),
    solve: z.number(),
  }),
  sources: z.number(),
  proposals: z.array(z.tuple([z.string(), z.string()])),
});
type Reference = z.infer<typeof reference>;

interface Timings {
  readonly counts: number;
  readonly oneDay: number;
  readonly mine: number;
  readonly stages: ReadonlyMap<string, number>;
  readonly report: MiningReport;
}

/**
 * Ten million turns in the warehouse: counts from nothing, one dirty day, and a whole `mineTenant` with evidence and gates; beside
 * the same by pandas and SciPy, whose proposals are compared with ours pair by pair. The python with pandas and SciPy is `python3`, or what
 * HEED_BENCH_PYTHON names.
 */
export async function mineBench(size: LoadSize = FULL_LOAD): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'heed-bench-mine-'));
  try {
    const load = syntheticLoad(size);
    writeColumns(load, folder);
    writeSessions(load, join(folder, 'sessions.bin'));
    const ours = await timeOurs(join(folder, 'sessions.bin'));
    const theirs = runReference(folder);
    return reportOf(load.states.length, ours, theirs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeOurs(sessionsFile: string): Promise<Timings> {
  const warehouse = await openTemporaryWarehouse(
    readWarehouseMigrations(repositoryFolder('migrations', 'clickhouse')),
  );
  try {
    await fillWarehouse(warehouse, TENANT, sessionsFile);
    return await timeMining(warehouse);
  } finally {
    await warehouse.close();
  }
}

async function timeMining(warehouse: Warehouse): Promise<Timings> {
  const store = new WarehouseChainStore(warehouse);
  const counts = await secondsOf(() => store.recount(TENANT));
  await dirtyOneDay(warehouse, TENANT);
  const oneDay = await secondsOf(() => store.recount(TENANT));
  const began = new Map<string, number>();
  const nowMs = (): number => performance.now();
  const progress = ({ stage }: { readonly stage: string }): void => {
    if (!began.has(stage)) began.set(stage, nowMs());
  };
  const startedMs = nowMs();
  const report = await mineTenant(store, TENANT, {}, { nowMs, progress });
  const marks: (readonly [string, number])[] = [['reading counts', startedMs], ...began];
  const stages = marks.map(
    ([stage, at], k) => [stage, ((marks[k + 1]?.[1] ?? nowMs()) - at) / 1000] as const,
  );
  return { counts, oneDay, mine: report.seconds, stages: new Map(stages), report };
}

async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return (performance.now() - startedMs) / 1000;
}

/** The reference's answer, or why there is none. */
function runReference(folder: string): Reference | string {
  const python = process.env['HEED_BENCH_PYTHON'] ?? 'python3';
  const script = join(repositoryFolder('tests', 'benchmarks', 'src', 'mine'), 'reference.py');
  if (spawnSync(python, ['-c', 'import pandas, scipy']).status !== 0) {
    return `no reference: ${python} has no pandas and SciPy (name one that has in HEED_BENCH_PYTHON)`;
  }
  const run = spawnSync(python, [script, folder, String(DEFAULT_GATES.similarity)], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) return `no reference: ${run.stderr.trim().split('\n').at(-1) ?? 'it was killed'}`;
  return reference.parse(JSON.parse(run.stdout));
}

function reportOf(turns: number, ours: Timings, theirs: Reference | string): BenchReport {
  const whole = ours.counts + ours.oneDay + ours.mine;
  const { report } = ours;
  const figures = (their: Reference['seconds'] | null) => {
    const of = (...seconds: (number | undefined)[]): readonly number[] =>
      their === null ? [] : [seconds.reduce<number>((sum, value) => sum + (value ?? 0), 0)];
    return [
      figure('all of it', 's', 'lower', [whole], REFERENCE, of(...Object.values(their ?? {}))),
      figure(
        "all but the reference's own solve",
        's',
        'lower',
        [whole],
        REFERENCE,
        of(their?.counts, their?.oneDay, their?.chain, their?.evidence, their?.gates),
      ),
      figure('counts from nothing', 's', 'lower', [ours.counts], REFERENCE, of(their?.counts)),
      figure('one dirty day', 's', 'lower', [ours.oneDay], REFERENCE, of(their?.oneDay)),
      figure(
        'solve, evidence and gates',
        's',
        'lower',
        [ours.mine],
        REFERENCE,
        of(their?.chain, their?.evidence, their?.gates, their?.solve),
      ),
    ];
  };
  const stages = [...ours.stages].map(([stage, seconds]) => `${stage} ${seconds.toFixed(1)} s`).join(', ');
  return {
    name: 'mine',
    figures: figures(typeof theirs === 'string' ? null : theirs.seconds),
    notes: [
      `${turns} turns, ${report.sessions} sessions, ${report.states} states, ${report.transitions} distinct steps`,
      `${report.proposals.length} proposals; rejected: ${JSON.stringify(report.rejected)}; ${stages}`,
      typeof theirs === 'string' ? theirs : agreement(report, theirs),
    ],
  };
}

/** How far the two sets of proposals are the same. */
function agreement({ proposals }: MiningReport, theirs: Reference): string {
  const ours = new Set(proposals.map(({ from, to }) => `${from} > ${to}`));
  const other = new Set(theirs.proposals.map(([from, to]) => `${from} > ${to}`));
  const both = [...ours].filter((pair) => other.has(pair)).length;
  return `proposals: ${both} the same, ${ours.size - both} ours alone, ${other.size - both} the reference's alone (it solved ${theirs.sources} sources)`;
}
