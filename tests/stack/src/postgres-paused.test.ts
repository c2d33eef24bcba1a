import { statusReport } from '@heed/contract';
import { cloudEventOf } from '@heed/events';
import { caughtUp, postEvents, startService } from '@heed/test-e2e';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgresServer, type PostgresServer } from './postgres-server.ts';
import { stackFolder } from './stack-folder.ts';

const NOON = Date.UTC(2026, 2, 2, 12);

let folder: string;
let postgres: PostgresServer;

beforeAll(async () => {
  folder = await stackFolder();
  postgres = await startPostgresServer(join(folder, 'postgres'));
});

afterAll(async () => {
  await postgres.end('SIGINT');
  await rm(folder, { recursive: true });
});

it('a Heed that is told to end while its database is silent gives up, with all that it had acknowledged in the log', async () => {
  const data = join(folder, 'data');
  const settings = { DATABASE_URL: postgres.databaseUrl };
  const service = await startService(data, ['--no-demo'], settings);
  await postEvents(service.url, [turn(1)]);
  await postgres.pause();
  try {
    let answered = false;
    const inVain = postEvents(service.url, [turn(2)]).then(
      () => (answered = true),
      () => undefined,
    );
    const ready = await fetch(`${service.url}/health/ready`);
    expect(await ready.text()).toContain('No answer from PostgreSQL.');
    // Of itself: the database stays silent until this has ended.
    expect(await service.stop()).toBe(1);
    await inVain;
    expect(answered).toBe(false);
    expect(service.printed()).toContain('stop-failed');
  } finally {
    postgres.resume();
    await service.stop('SIGKILL');
  }

  const again = await startService(data, ['--no-demo'], settings);
  try {
    await postEvents(again.url, [turn(1), turn(2)]);
    await caughtUp(again.url);
    const { tenants } = statusReport.parse(await (await fetch(`${again.url}/v1/status`)).json());
    expect(tenants).toMatchObject([{ accepted: 2, stored: 2, deadLettered: 0, lag: 0, balanced: true }]);
  } finally {
    await again.stop();
  }
});

function turn(n: number): unknown {
  return cloudEventOf({
    type: 'heed.turn.v1',
    id: `e-${n}`,
    session: 's',
    source: '/test',
    timeMs: NOON + n * 60_000,
    data: { turn: `t-${n}`, request: { text: `request ${n}` } },
  });
}
