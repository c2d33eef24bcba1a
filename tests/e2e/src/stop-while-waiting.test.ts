import { AdvisoryLock, openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startProgram } from './run-heed.ts';

const DIST = join(import.meta.dirname, '../../../dist');

describe('an app that waits for others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-waiting-'));
  let postgres: EmbeddedPostgres;
  let clickhouse: ClickHouseFront;
  let settings: Readonly<Record<string, string>>;
  let leave: (() => Promise<void>) | undefined;
  const running: { kill(): void }[] = [];

  beforeAll(async () => {
    [postgres, clickhouse] = await Promise.all([
      openEmbeddedPostgres({ dataDir: join(folder, 'server'), passClosedFolders: true }),
      openClickHouseFront(),
    ]);
    settings = {
      DATABASE_URL: postgres.url,
      HEED_CLICKHOUSE_URL: clickhouse.url,
      HEED_DATA: join(folder, 'data'),
    };
  }, 60_000);
  afterEach(async () => {
    await leave?.();
    leave = undefined;
    for (const app of running.splice(0)) app.kill();
  });
  afterAll(async () => {
    await Promise.all([postgres.close(), clickhouse.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('ends by SIGTERM while it waits for tables that nobody makes', async () => {
    const learner = starting('learner', settings);
    running.push(learner);
    await learner.says('waiting for a projector or control');
    expect(await learner.end()).toBe(0);
  });

  it.each(['projector', 'control'])('ends by SIGTERM while %s waits to make them', async (name) => {
    leave = await standStill(postgres);
    const app = starting(name, settings);
    running.push(app);
    await untilWaiting(postgres);
    expect(await app.end()).toBe(0);
  });

  it("ends by SIGTERM while it waits for another's replay, and says so to who asked for one, and complains of nothing", async () => {
    const control = await startProgram('control', [], { ...settings, HEED_LOG_LEVEL: 'info' });
    leave = await standStill(postgres);
    const replays = [1, 2].map(() => fetch(`${control.url}/v1/replay`, { method: 'POST' }));
    await untilWaiting(postgres);
    expect(await control.stop()).toBe(0);
    const answers = await Promise.all(replays.map(async (answer) => (await answer).text()));
    expect(answers.filter((text) => text.includes('shutting-down'))).not.toEqual([]);
    expect(control.printed()).not.toMatch(/"level":"error"/u);
  }, 60_000);
});

/** An app that has not said yet that it is ready. */
function starting(name: string, settings: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(DIST, `${name}.js`), '--port', '0', '--json'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
  });
  const exited = once(child, 'exit');
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  return {
    says: async (words: string): Promise<void> => {
      while (!printed.includes(words)) await once(child.stderr, 'data');
    },
    kill: () => void child.kill('SIGKILL'),
    end: async (): Promise<number | null> => {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}

/** As another process does for as long as it replays. */
async function standStill(server: EmbeddedPostgres): Promise<() => Promise<void>> {
  const inside = Promise.withResolvers<undefined>();
  const over = Promise.withResolvers<undefined>();
  const held = new AdvisoryLock(server, 'projection').exclusively(async () => {
    inside.resolve(undefined);
    await over.promise;
  });
  await Promise.race([inside.promise, held]);
  return async () => {
    over.resolve(undefined);
    await held;
  };
}

async function untilWaiting({ pool }: EmbeddedPostgres): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ waiting: number }>(
      "SELECT count(*) AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
    );
    if ((rows[0]?.waiting ?? 0) > 0) return;
  }
}
