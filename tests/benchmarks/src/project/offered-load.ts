import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchStores } from './bench-stores.ts';
import { fillLog, type LogShape } from './fill-log.ts';
import { memoryNow, memoryNote, type MemoryMiB } from './memory.ts';
import { whileProjecting } from './project-until-read.ts';

const STEP_MS = 100;
const SECOND = 1000;
/** Before it is judged whether the lag grows, seconds: the first batches are small and the engine is cold. */
const WARM_UP = 3;

export interface Offered {
  readonly rate: number;
  readonly seconds: number;
  readonly shape: LogShape;
}

/** Offers so many events a second to the log while they are projected, and says of each second how many were still to be read. */
export async function offerLoad(
  { postgres, log, warehouse }: BenchStores,
  { rate, seconds, shape }: Offered,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const lags: number[] = [];
  const memory: MemoryMiB[] = [];
  const startedMs = performance.now();
  await whileProjecting(log, warehouse, async (lag) => {
    const sample = async (): Promise<void> => {
      const [entries, held] = await Promise.all([lag(), memoryNow(warehouse)]);
      lags.push(entries);
      memory.push(held);
      say(`${String(lags.length)} s: ${String(entries)} events behind, ${held.resident.toFixed(0)} MiB`);
    };
    let offered = 0;
    const samples: Promise<void>[] = [];
    for (let step = 1; step * STEP_MS <= seconds * SECOND; step++) {
      const due = Math.round((rate * step * STEP_MS) / SECOND);
      await fillLog(postgres, due - offered, shape);
      offered = due;
      if ((step * STEP_MS) % SECOND === 0) samples.push(sample());
      await sleep(Math.max(0, startedMs + step * STEP_MS - performance.now()));
    }
    await Promise.all(samples);
  });
  const tookS = (performance.now() - startedMs) / SECOND;
  const judged = lags.slice(Math.min(WARM_UP, lags.length >> 1));
  const slope = slopeOf(judged);
  const half = judged.length >> 1;
  return [
    `offered ${String(rate)} events/s for ${String(seconds)} s, ${String(shape.openSessions)} sessions open at once, ${String(shape.hot * 100)} % in one session: ` +
      `lag ${String(medianOf(judged))} events in the median, ${String(Math.max(0, ...judged))} at most; first half ${String(medianOf(judged.slice(0, half)))}, second ${String(medianOf(judged.slice(half)))}; ` +
      `it grows by ${slope.toFixed(0)} events/s (${slope < rate / 100 ? 'flat' : 'not flat'}); all was in the warehouse ${(tookS - seconds).toFixed(1)} s after the last`,
    `lag each second: ${lags.join(' ')}`,
    memoryNote(memory),
  ];
}

/** Of the line through the values, one a second, by least squares. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const along = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  const across = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return across === 0 ? 0 : along / across;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
