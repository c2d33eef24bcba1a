import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const line = z.object({ kafkaBrokers: z.array(z.string()).length(1), databaseUrl: z.url() });

describe('npm run stack', () => {
  it('says in one line where its servers are, and ends both on Ctrl-C', async () => {
    const child = stack({});
    const complaints = text(child.stderr);
    const [first] = z.tuple([z.string()]).parse(await once(createInterface({ input: child.stdout }), 'line'));
    const { kafkaBrokers, databaseUrl } = line.parse(JSON.parse(first));
    const ports = [`tcp://${String(kafkaBrokers[0])}`, databaseUrl].map((url) => Number(new URL(url).port));
    expect(await Promise.all(ports.map(isOpen))).toEqual([true, true]);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await Promise.all(ports.map(isOpen))).toEqual([false, false]);
    expect(await complaints).toBe('');
  });

  it('says what to install where Java is missing', async () => {
    const child = stack({ PATH: import.meta.dirname });
    const [complaints] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(child.exitCode).toBe(1);
    expect(complaints).toContain('apt-get install default-jre-headless');
  });
});

function stack(env: NodeJS.ProcessEnv) {
  return spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
