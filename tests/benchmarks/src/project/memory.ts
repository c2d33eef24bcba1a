import type { Warehouse } from '@heed/warehouse';
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

export interface MemoryMiB {
  /** Of this whole process, ClickHouse's engine in it included. */
  readonly resident: number;
  /** Without that engine, once it has given back what it only kept for later. */
  readonly engineless: number;
  /** Of it pages of ClickHouse's program. 0 where the system does not tell. */
  readonly engineProgram: number;
  /** What ClickHouse holds of data, when it has given back to the system what it only kept for later. */
  readonly engineData: number;
  /** What JavaScript has from the system: its heap, whether it is full or not, and buffers beside it. */
  readonly script: number;
}

const MIB = 1 << 20;
const tracked = z.object({ value: z.coerce.number() });

export async function memoryNow(warehouse: Warehouse): Promise<MemoryMiB> {
  const resident = process.memoryUsage().rss;
  // Else what ClickHouse freed, and neither counts nor has given back, would look as if it were ours.
  await warehouse.execute('SYSTEM JEMALLOC PURGE');
  const [row] = await warehouse.query(
    tracked,
    "SELECT value FROM system.metrics WHERE metric = 'MemoryTracking'",
  );
  const { rss, heapTotal, external } = process.memoryUsage();
  const [program, data] = [engineProgramMiB(), (row?.value ?? 0) / MIB];
  return {
    resident: resident / MIB,
    engineless: rss / MIB - program - data,
    engineProgram: program,
    engineData: data,
    script: (heapTotal + external) / MIB,
  };
}

function engineProgramMiB(): number {
  if (process.platform !== 'linux') return 0;
  // Each mapping is a line that names its file, and lines of figures.
  const [, ...ofEngine] = readFileSync('/proc/self/smaps', 'utf8').split(/^.*libchdb.*$/mu);
  return (
    ofEngine.reduce((sum, figures) => sum + Number(/^Rss:\s+(\d+) kB$/mu.exec(figures)?.[1] ?? 0), 0) / 1024
  );
}

/** Of a process and its children: what each has for itself, and its share of what several have. 0 where the system does not tell. */
export function memoryOfFamilyMiB(parent: number): number {
  if (process.platform !== 'linux') return 0;
  const family = readdirSync('/proc').filter(
    (pid) => Number(pid) === parent || figureIn(`/proc/${pid}/status`, /^PPid:\s+(\d+)$/mu) === parent,
  );
  return (
    family.reduce((sum, pid) => sum + figureIn(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB$/mu), 0) / 1024
  );
}

/** 0 where the file is not there, or not any more, or not ours to read. */
function figureIn(file: string, figure: RegExp): number {
  try {
    return Number(figure.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The largest of each, and the largest that was left of the process without its engine. */
export function memoryNote(samples: readonly MemoryMiB[]): string {
  const most = (read: (sample: MemoryMiB) => number): string =>
    Math.round(Math.max(0, ...samples.map(read))).toString();
  const own = ({ engineless }: MemoryMiB): number => engineless;
  const half = samples.length >> 1;
  const ownIn = (some: readonly MemoryMiB[]): string => Math.round(Math.max(0, ...some.map(own))).toString();
  return (
    `memory of the process at most ${most(({ resident }) => resident)} MiB; without ClickHouse, which is in it, at most ${most(own)} ` +
    `(first half ${ownIn(samples.slice(0, half))}, second ${ownIn(samples.slice(half))}), of which JavaScript's heap and buffers ${most(({ script }) => script)}; ` +
    `of ClickHouse program ${most(({ engineProgram }) => engineProgram)}, data ${most(({ engineData }) => engineData)}`
  );
}

const LOOK_EVERY_MS = 2000;

/** Looks at it until the work is done. */
export async function sampling<T>(
  warehouse: Warehouse,
  work: Promise<T>,
): Promise<[T, readonly MemoryMiB[]]> {
  const samples: MemoryMiB[] = [];
  const looking = setInterval(() => {
    memoryNow(warehouse).then(
      (sample) => samples.push(sample),
      () => undefined,
    );
  }, LOOK_EVERY_MS);
  try {
    return [await work, samples];
  } finally {
    clearInterval(looking);
  }
}
