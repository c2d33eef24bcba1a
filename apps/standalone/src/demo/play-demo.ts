import type { CloudEvent } from '@heed/events';
import { seededRandom } from '@heed/kernel';
import type { MineReport } from '@heed/contract';
import { musicAndWeather, simulateSessions, type SimulationOptions } from '@heed/simulation';
import type { DemoClient } from './heed-client.ts';

export const DEMO_TENANT = 'demo';

// Fixed, so that a demo that was interrupted plays on without doubling: the same events, the same ids.
const SEED = 20260301;
const TRAFFIC: SimulationOptions = {
  sessions: 3000,
  users: 400,
  untilMs: Date.UTC(2026, 2, 1),
  days: 14,
  prefix: 'demo',
};
const BATCH = 500;

export interface DemoOutcome {
  readonly sessions: number;
  readonly report: MineReport;
  readonly live: { readonly fix: string; readonly from: string; readonly to: string } | null;
}

/** Simulated users through the real path: events over HTTP, derived, mined, the best fix put live. */
export async function playDemo(client: DemoClient): Promise<DemoOutcome> {
  for (const batch of batches()) await client.emit(batch);
  await client.caughtUp();
  const report = await client.mine();
  const best = report.proposals.find(({ fix }) => fix !== null);
  if (best?.fix == null) return { sessions: TRAFFIC.sessions, report, live: null };
  await client.putLive(best.fix, 'first look: the demo puts its best find live');
  return { sessions: TRAFFIC.sessions, report, live: { fix: best.fix, from: best.from, to: best.to } };
}

function* batches(): Generator<readonly CloudEvent[]> {
  let batch: CloudEvent[] = [];
  for (const session of simulateSessions(musicAndWeather, seededRandom(SEED), TRAFFIC)) {
    batch.push(...session);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
