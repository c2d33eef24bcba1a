import { doctorReport, replayReport } from '@heed/contract';
import { cloudEventOf } from '@heed/events';
import { caughtUp, heedJson, postEvents, startAppsApart, type AppsApart, type Service } from '@heed/test-e2e';
import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OwnBroker } from './own-broker.ts';
import { startPostgresServer, type PostgresServer } from './postgres-server.ts';
import { stackFolder } from './stack-folder.ts';

const broker = new OwnBroker();
const PARTITIONS = 6;
const SESSIONS = 60;
const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 2, 2, 12);

/** One more turn of each of the sessions. */
function turns(round: number): readonly unknown[] {
  return Array.from({ length: SESSIONS }, (_, session) =>
    cloudEventOf({
      type: 'heed.turn.v1',
      id: `e-${session}-${round}`,
      session: `s-${session}`,
      source: '/test',
      timeMs: NOON + round * MINUTE_MS,
      data: { turn: `t-${round}`, user: `u-${session}`, request: { text: `request ${round}` } },
    }),
  );
}

/** Batches that a projector has brought into the warehouse. */
async function batchesOf({ url }: Service): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^heed_projection_batch_entries_count (\d+)$/mu.exec(text)?.[1] ?? 0);
}

describe('two projectors that share a log on Kafka', () => {
  let folder: string;
  let postgres: PostgresServer;
  let clickhouse: ClickHouseFront;
  let apps: AppsApart;
  let rounds = 0;

  const post = async (): Promise<void> => {
    const { results } = await postEvents(apps.url, turns(rounds++));
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'accepted'));
  };
  const accounted = async (): Promise<void> => {
    await caughtUp(apps.url);
    const doctor = await heedJson(doctorReport, ['doctor', '--url', apps.url]);
    const accepted = rounds * SESSIONS;
    expect(doctor).toMatchObject({ accepted, stored: accepted, deadLettered: 0, balanced: true, lag: 0 });
  };
  const replayEqual = async (): Promise<void> => {
    const { events, tables } = await heedJson(replayReport, ['replay', '--verify', '--url', apps.url]);
    expect(events).toBe(rounds * SESSIONS);
    expect(tables.filter(({ equal }) => !equal)).toEqual([]);
  };

  beforeAll(async () => {
    folder = await stackFolder();
    [postgres, clickhouse] = await Promise.all([
      startPostgresServer(join(folder, 'postgres')),
      openClickHouseFront(),
    ]);
    const servers = {
      DATABASE_URL: postgres.databaseUrl,
      HEED_CLICKHOUSE_URL: clickhouse.url,
      HEED_KAFKA_BROKERS: broker.process.address,
      HEED_KAFKA_PARTITIONS: String(PARTITIONS),
    };
    apps = await startAppsApart(folder, servers, 2);
  });
  afterAll(async () => {
    await apps.stop();
    await Promise.all([postgres.end('SIGINT'), clickhouse.close()]);
    await rm(folder, { recursive: true });
  });

  it('both have their part in it, and everything is accounted for', async () => {
    await vi.waitFor(
      async () => {
        await post();
        await caughtUp(apps.url);
        expect(await Promise.all(apps.projectors.map(batchesOf))).not.toContain(0);
      },
      { timeout: 120_000 },
    );
    await accounted();
  });

  it('replay while both live, and go on', async () => {
    await replayEqual();
    await heedJson(replayReport, ['replay', '--url', apps.url]);
    await post();
    await accounted();
  });

  it('lose and double nothing when one is killed in the middle of it', async () => {
    const [killed] = apps.projectors;
    await post();
    await post();
    await killed?.stop('SIGKILL');
    await post();
    await accounted();
    await replayEqual();
  });

  it('lose and double nothing when one comes and one goes by SIGTERM in the middle of it', async () => {
    const [, leaving] = apps.projectors;
    await apps.startProjector();
    await post();
    expect(await leaving?.stop()).toBe(0);
    await post();
    await accounted();
    await replayEqual();
  });

  it('are not ready while Kafka is silent, and end by SIGTERM all the same', async () => {
    await broker.process.pause();
    try {
      const readiness = async ({ url }: Service): Promise<string> =>
        (await fetch(`${url}/health/ready`)).text();
      expect(await readiness(apps.collector)).toContain('No answer from Kafka.');
      for (const app of [apps.control, apps.learner])
        expect(JSON.parse(await readiness(app))).toEqual({ status: 'ready' });
      // One of the projectors was killed above.
      expect((await apps.stop()).filter((code) => code !== null)).toEqual(Array(5).fill(0));
    } finally {
      broker.process.resume();
    }
  });
});
