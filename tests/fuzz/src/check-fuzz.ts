import { createdKey, doctorReport, lagReport, statusReport } from '@heed/contract';
import { startService } from '@heed/test-e2e';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { fuzz } from './fuzz.ts';

const MIB = 1024 * 1024;
/** What the stores may gain by caching while they fill; a leak of some KiB a request would be far above it in a whole run. */
const RESIDENT_GAIN = 400 * MIB;
/** Small, so that what is too large costs little to send. */
const SETTINGS = { HEED_MAX_BODY_BYTES: String(MIB) };

/** Fuzzes a service of its own and asks of it what the run may not change: it lives, it has not grown, and everything is accounted for. */
export async function checkFuzz(seed: number, count: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-fuzz-'));
  const service = await startService(dataDir, ['--no-demo'], SETTINGS);
  try {
    const key = await adminKey(service.url);
    const ask = askWith(service.url, key);
    const run = await fuzz({ ...service, key }, seed, count);
    const mib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;
    console.log(
      `fuzz: seed ${seed}, ${count} requests, answers ${JSON.stringify(run.byStatus)}; ` +
        `resident ${mib(run.residentFirst)} in the first third, ${mib(run.residentLast)} in the last`,
    );
    expect(run.faults).toEqual([]);
    expect(run.residentLast - run.residentFirst).toBeLessThan(RESIDENT_GAIN);
    while (lagReport.parse(await ask('lag')).entries > 0) await delay(50);
    const { accepted, stored, deadLettered, balanced } = doctorReport.parse(await ask('doctor'));
    console.log(`fuzz: accepted ${accepted} = stored ${stored} + dead-lettered ${deadLettered}`);
    expect({ balanced, accepted }).toEqual({ balanced: true, accepted: stored + deadLettered });
    const { tenants } = statusReport.parse(await ask('status'));
    for (const [tenant, acknowledged] of Object.entries(run.accepted)) {
      const kept = tenants.find((account) => account.tenant === tenant)?.accepted ?? 0;
      expect({ tenant, lost: Math.max(0, acknowledged - kept) }).toEqual({ tenant, lost: 0 });
    }
    expect(service.printed()).not.toContain('request-failed');
  } finally {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The first key; from then on every request needs one. */
async function adminKey(url: string): Promise<string> {
  const answer = await fetch(`${url}/v1/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'admin', allTenants: true, requestsPerSecond: 1_000_000 }),
  });
  return createdKey.parse(await answer.json()).key;
}

function askWith(url: string, key: string): (route: string) => Promise<unknown> {
  return async (route) =>
    (await fetch(`${url}/v1/${route}`, { headers: { authorization: `Bearer ${key}` } })).json();
}
