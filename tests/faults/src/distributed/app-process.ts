import { join } from 'node:path';
import { startServer, type ServerProcess } from '@heed/test-stack';

const DIST = join(import.meta.dirname, '../../../../dist');

export type AppName = 'collector' | 'control' | 'projector';

/** One built app of Heed as a process of its own, listening on `port` of 127.0.0.1. */
export function startApp(
  app: AppName,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  return startServer({
    name: `The ${app}`,
    file: process.execPath,
    args: [join(DIST, `${app}.js`), '--port', String(port), '--json'],
    readyLine: '"readyMs"',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
  });
}
