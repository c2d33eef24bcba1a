import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@heed/kernel';
import { expect, it } from 'vitest';
import { fakeService } from '../testing/fake-service.ts';
import { runHeed } from '../testing/fake-shell.ts';

const ROWS = 120_000;
const KILLS = 4;
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

const mapping = {
  name: 'asks',
  user: 'user',
  time: { path: 'time', format: 'epoch-seconds' },
  turns: { request: 'query' },
};

function row(i: number): string {
  return `u${i % 50},${1_772_000_000 + 40 * i},ask ${i % 17}\n`;
}

it(
  'loses nothing and doubles nothing when it is killed in the middle, again and again',
  { timeout: 120_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heed-kill-'));
    const random = seededRandom(4);
    let kill: (() => void) | undefined;
    let postsUntilKill = 0;
    const service = await fakeService({
      trouble: () => {
        if (kill !== undefined && --postsUntilKill <= 0) kill();
        return undefined;
      },
    });
    try {
      await writeFile(
        join(folder, 'log.csv'),
        `user,time,query\n${Array.from({ length: ROWS }, (_, i) => row(i)).join('')}`,
      );
      await writeFile(join(folder, 'map.json'), JSON.stringify(mapping));
      const argv = ['import', 'log.csv', '--map', 'map.json', '--json', '--url', service.url.href];
      for (let i = 0; i < KILLS; i++) {
        const child = spawn(process.execPath, [MAIN, ...argv], { cwd: folder, stdio: 'ignore' });
        postsUntilKill = 1 + random.below(30);
        kill = () => child.kill('SIGKILL');
        await once(child, 'exit');
        expect(child.signalCode).toBe('SIGKILL');
        kill = undefined;
      }
      const { stdout } = await runHeed(argv, { cwd: folder });
      expect(service.events.size).toBe(ROWS);
      expect(service.deadLetters).toEqual([]);
      const { read, resumed, accepted, duplicates } = JSON.parse(stdout) as Record<string, number>;
      expect(read).toBe(ROWS);
      expect((resumed ?? 0) + (accepted ?? 0) + (duplicates ?? 0)).toBe(ROWS);
      expect(resumed).toBeGreaterThan(0);
      // Sessions by idle gap are the same as of an import in one go: each user asks every 2000 s, more than 30 minutes apart.
      const sessions = new Set(
        [...service.events.values()].map((event) => (JSON.parse(event) as { subject: string }).subject),
      );
      expect(sessions.size).toBe(ROWS);
    } finally {
      await service.stop();
      await rm(folder, { recursive: true });
    }
  },
);
