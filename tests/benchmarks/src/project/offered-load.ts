import { setTimeout as sleep } from 'node:timers/promises';
import { say } from '../progress.ts';
import type { BenchStores } from './bench-stores.ts';
import type { LogShape } from './fill-log.ts';
import { memoryNow, memoryNote, type MemoryMiB } from './memory.ts';
import { whileProjecting } from './project-until-read.ts';

const STEP_MS = 100;
const SECOND = 1000;
/** Before it is judged whether the lag grows, seconds: the first batches are small and the engine is cold. */
const WARM_UP = 3;
/** The lag is told of each such stretch of the time. */
const STRETCHES = 5;

export interface Offered {
  readonly rate: number;
  readonly seconds: number;
  readonly shape: LogShape;
}

/** Offers so many events a second to the log while they are projected, and says of each second how many were still to be read. */
export async function offerLoad(
  { log, fill, logServerMiB, warehouse }: BenchStores,
  { rate, seconds, shape }: Offered,
): Promise<readonly string[]> {
  const lags: number[] = [];
  const memory: MemoryMiB[] = [];
  const serverMiB: number[] = [];
  const startedMs = performance.now();
  let offeredS = 0;
  await whileProjecting(log, warehouse, async (lag) => {
    const sample = async (): Promise<void> => {
      const [entries, held] = await Promise.all([lag(), memoryNow(warehouse)]);
      lags.push(entries);
      memory.push(held);
      const ofServer = logServerMiB();
      if (ofServer !== null) serverMiB.push(ofServer);
      say(`${String(lags.length)} s: ${String(entries)} events behind, ${held.resident.toFixed(0)} MiB`);
    };
    let offered = 0;
    const samples: Promise<void>[] = [];
    for (let step = 1; step * STEP_MS <= seconds * SECOND; step++) {
      const due = Math.round((rate * step * STEP_MS) / SECOND);
      await fill(due - offered, shape);
      offered = due;
      if ((step * STEP_MS) % SECOND === 0) samples.push(sample());
      await sleep(Math.max(0, startedMs + step * STEP_MS - performance.now()));
    }
    offeredS = (performance.now() - startedMs) / SECOND;
    await Promise.all(samples);
  });
  const tookS = (performance.now() - startedMs) / SECOND;
  const judged = lags.slice(Math.min(WARM_UP, lags.length >> 1));
  const stretches = Array.from({ length: STRETCHES }, (_, i) =>
    medianOf(judged.slice((i * judged.length) / STRETCHES, ((i + 1) * judged.length) / STRETCHES)),
  );
  // What a reader of batches is behind goes up and down with them: a second's events more or less are none.
  const isFlat = (stretches.at(-1) ?? 0) <= Math.min(...stretches) + rate;
  return [
    `offered ${((rate * seconds) / offeredS).toFixed(0)} events/s for ${offeredS.toFixed(0)} s (${String(rate)} for ${String(seconds)} were asked for), ` +
      `${String(shape.openSessions)} sessions open at once, ${String(shape.hot * 100)} % in one session`,
    `lag ${String(medianOf(judged))} events in the median, ${String(Math.max(0, ...judged))} at most; median of each fifth of the time ${stretches.join(', ')}: ` +
      `${isFlat ? 'flat' : 'NOT FLAT'}, ${slopeOf(judged).toFixed(0)} events more each second; all was in the warehouse ${(tookS - offeredS).toFixed(1)} s after the last`,
    `lag each second: ${lags.join(' ')}`,
    memoryNote(memory),
    ...(serverMiB.length === 0
      ? []
      : [
          `memory of the database at most ${String(Math.round(Math.max(...serverMiB)))} MiB, pages that its processes share counted once`,
        ]),
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
