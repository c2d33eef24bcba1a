import type { Warehouse } from '@heed/warehouse';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface MemoryMiB {
  /** Of this whole process, its engine included. */
  readonly resident: number;
  /** Of it pages of files, which is nearly all the engine's program. 0 where the system does not tell. */
  readonly program: number;
  /** What ClickHouse's engine says that it holds; what its allocator keeps beyond that is not told apart from ours. */
  readonly engine: number;
  /** What JavaScript holds: its heap, and buffers beside it. */
  readonly script: number;
}

const MIB = 1 << 20;
const tracked = z.object({ value: z.coerce.number() });

export async function memoryNow(warehouse: Warehouse): Promise<MemoryMiB> {
  const [row] = await warehouse.query(
    tracked,
    "SELECT value FROM system.metrics WHERE metric = 'MemoryTracking'",
  );
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    resident: rss / MIB,
    program: programMiB(),
    engine: (row?.value ?? 0) / MIB,
    script: (heapUsed + external) / MIB,
  };
}

function programMiB(): number {
  if (process.platform !== 'linux') return 0;
  const kiB = /^RssFile:\s+(\d+) kB$/mu.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kiB ?? 0) / 1024;
}

/** The largest of each, and the largest that was left of the process without its engine. */
export function memoryNote(samples: readonly MemoryMiB[]): string {
  const most = (read: (sample: MemoryMiB) => number): string =>
    Math.round(Math.max(0, ...samples.map(read))).toString();
  return (
    `memory of the process at most ${most(({ resident }) => resident)} MiB; pages of programs in it ${most(({ program }) => program)}, ` +
    `ClickHouse's data ${most(({ engine }) => engine)}, all else ${most(({ resident, program, engine }) => resident - program - engine)}, ` +
    `of which JavaScript's heap and buffers ${most(({ script }) => script)}`
  );
}

/** Looks every second until the work is done. */
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
  }, 1000);
  try {
    return [await work, samples];
  } finally {
    clearInterval(looking);
  }
}
