import { doctorReport, lagReport, statusReport } from '@heed/contract';
import { startService, type Service } from '@heed/test-e2e';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { adminKey } from './admin-key.ts';
import { fuzz, type FuzzedService, type FuzzRun } from './fuzz.ts';
import { INSPECTED, openInspector } from './inspector.ts';
import { memoryAtRest, type MemoryAtRest } from './memory-at-rest.ts';

const MIB = 1024 * 1024;
/** Small, so that what is too large costs little to send. */
const SETTINGS = { HEED_MAX_BODY_BYTES: String(MIB) };

/** Fuzzes a service of its own and asks of it what the run may not change: it lives, and everything is accounted for. */
export async function checkFuzz(seed: number, count: number): Promise<void> {
  await onService(SETTINGS, async ({ service, ask }) => {
    const run = await fuzz(service, seed, { from: 0, to: count });
    await expectAccounted(run, ask);
  });
}

/** What the service may hold more after the second half than after the first. */
const MAY_GROW = {
  /** The keys that the requests make are all held, some hundred with about a KiB each; a leak of 300 bytes a request would be above it. */
  reachable: 16 * MIB,
  /** Beside what the engine says it holds: the allocators' holes, which move with what came last. */
  native: 64 * MIB,
};

/** The same at length, and it holds no more memory in the end than half-way. */
export async function checkFuzzAtLength(seed: number, count: number): Promise<void> {
  await onService({ ...SETTINGS, ...INSPECTED }, async ({ service, ask, process, dataDir }) => {
    const held: MemoryAtRest[] = [];
    const runs: FuzzRun[] = [];
    const half = Math.floor(count / 2);
    for (const range of [
      { from: 0, to: half },
      { from: half, to: count },
    ]) {
      runs.push(await fuzz(service, seed, range));
      await caughtUp(ask);
      held.push(await memoryOf(process, dataDir));
      console.log(`fuzz: ${range.to} requests, then held: ${inMib(held.at(-1))}`);
    }
    await expectAccounted(together(runs), ask);
    const [middle, end] = held;
    const grown = {
      reachable: (end?.reachable ?? NaN) - (middle?.reachable ?? NaN),
      native:
        (end?.native ?? NaN) -
        (middle?.native ?? NaN) -
        Math.max(0, (end?.engine ?? NaN) - (middle?.engine ?? NaN)),
    };
    expect(grown.reachable).toBeLessThan(MAY_GROW.reachable);
    expect(grown.native).toBeLessThan(MAY_GROW.native);
  });
}

async function memoryOf(process: Service, dataDir: string): Promise<MemoryAtRest> {
  const inspector = await openInspector(process.printed());
  try {
    return await memoryAtRest(inspector, { pid: process.pid, dataDir });
  } finally {
    inspector.close();
  }
}

type Ask = (route: string) => Promise<unknown>;

interface Fuzzed {
  readonly service: FuzzedService;
  readonly process: Service;
  readonly dataDir: string;
  readonly ask: Ask;
}

async function onService(
  settings: Readonly<Record<string, string>>,
  work: (fuzzed: Fuzzed) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-fuzz-'));
  const process = await startService(dataDir, ['--no-demo'], settings);
  try {
    const { url } = process;
    const key = await adminKey(url);
    await work({ service: { url, key }, process, dataDir, ask: askWith(url, key) });
    expect(process.printed()).not.toContain('request-failed');
  } finally {
    await process.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function expectAccounted(
  { faults, byStatus, accepted: acknowledged }: FuzzRun,
  ask: Ask,
): Promise<void> {
  console.log(`fuzz: answers ${JSON.stringify(byStatus)}`);
  expect(faults).toEqual([]);
  await caughtUp(ask);
  const { accepted, stored, deadLettered, balanced } = doctorReport.parse(await ask('doctor'));
  console.log(`fuzz: accepted ${accepted} = stored ${stored} + dead-lettered ${deadLettered}`);
  expect({ balanced, accepted }).toEqual({ balanced: true, accepted: stored + deadLettered });
  const { tenants } = statusReport.parse(await ask('status'));
  for (const [tenant, count] of Object.entries(acknowledged)) {
    const kept = tenants.find((account) => account.tenant === tenant)?.accepted ?? 0;
    expect({ tenant, lost: Math.max(0, count - kept) }).toEqual({ tenant, lost: 0 });
  }
}

async function caughtUp(ask: Ask): Promise<void> {
  while (lagReport.parse(await ask('lag')).entries > 0) await delay(50);
}

function together(runs: readonly FuzzRun[]): FuzzRun {
  return {
    faults: runs.flatMap(({ faults }) => faults),
    byStatus: summed(runs.map(({ byStatus }) => byStatus)),
    accepted: summed(runs.map(({ accepted }) => accepted)),
  };
}

function summed(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((each) => Object.entries(each)))
    sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

function inMib(memory: MemoryAtRest | undefined): string {
  return Object.entries(memory ?? {})
    .map(([name, bytes]) => `${name} ${Math.round(Number(bytes) / MIB)} MiB`)
    .join(', ');
}

function askWith(url: string, key: string): Ask {
  return async (route) =>
    (await fetch(`${url}/v1/${route}`, { headers: { authorization: `Bearer ${key}` } })).json();
}
