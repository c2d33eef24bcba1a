import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { httpTransport } from './http-transport.ts';

/** Written into the data folder by the service that runs on it. */
const SERVICE_FILE = 'heed.service.json';
const HEALTH_TIMEOUT_MS = 3000;

const serviceFile = z.object({
  pid: z.number().int(),
  url: z.url(),
  version: z.string(),
  key: z.string().optional(),
});

export interface ServiceOfFolder {
  readonly url: URL;
  /** Opens it: who may read the folder owns what is in it. */
  readonly key?: string;
}

/** The service that runs on this folder, or nothing when none does. */
export async function runningService(dir: string): Promise<ServiceOfFolder | undefined> {
  const file = await readServiceFile(dir);
  if (file === undefined || !isAlive(file.pid)) return undefined;
  const url = new URL(file.url);
  if (!(await answers(url))) return undefined;
  return { url, ...(file.key !== undefined && { key: file.key }) };
}

async function readServiceFile(dir: string): Promise<z.infer<typeof serviceFile> | undefined> {
  try {
    return serviceFile.parse(JSON.parse(await readFile(join(dir, SERVICE_FILE), 'utf8')));
  } catch {
    // Missing, or left half-written by a crash: either way nobody runs who could be asked.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function answers(url: URL): Promise<boolean> {
  const transport = httpTransport(url);
  try {
    const reply = await withinMs(HEALTH_TIMEOUT_MS, transport.send({ method: 'GET', path: '/health/live' }));
    reply?.resume();
    return reply?.statusCode === 200;
  } catch {
    return false;
  } finally {
    transport.close();
  }
}

async function withinMs<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
