import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@heed/kernel';
import { z } from 'zod';
import type { ServiceOfFolder } from './running-service.ts';

const STOP_TIMEOUT_MS = 30_000;
const LAST_WORDS_MS = 1000;
const KEPT_STDERR_LINES = 12;
const DID_NOT_START = 'service-did-not-start';

const readyLine = z.object({
  url: z.url(),
  dataDir: z.string(),
  readyMs: z.number(),
  key: z.string().optional(),
});
const problemLine = z.object({
  problem: z.object({ code: z.string(), title: z.string(), remedy: z.string() }),
});

export interface SpawnedService extends ServiceOfFolder {
  /** Asks it to stop and waits until its stores are closed. */
  stop(): Promise<void>;
}

/**
 * Runs the service on a folder for the time of one command. It listens on a free port, plays no demo, and stops by itself
 * when this process ends in whatever way, because its standard input closes then.
 */
export async function spawnService(
  programs: string,
  dir: string,
  encoders: readonly string[],
): Promise<SpawnedService> {
  const program = join(programs, 'standalone.js');
  if (!existsSync(program)) throw notBuilt(program);
  const args = ['--data', dir, '--port', '0', '--no-demo', '--parent-exits', '--json'];
  if (encoders.length > 0) args.push('--encoders', encoders.join(','));
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lastLines = keepLastLines(child.stderr);
  const exited = once(child, 'exit');
  const line = firstLine(child.stdout);
  // Its end may be heard of before its last words are read.
  const lastWords = exited.then(() => Promise.race([line, sleep(LAST_WORDS_MS, undefined, { ref: false })]));
  const first = await Promise.race([line, lastWords]);
  const ready = readyLine.safeParse(jsonOrNothing(first));
  if (!ready.success) {
    child.kill('SIGTERM');
    await exited;
    throw failedToStart(dir, first, lastLines);
  }
  child.stdout.resume();
  const { url, key } = ready.data;
  return { url: new URL(url), ...(key !== undefined && { key }), stop: () => stop(child, exited) };
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), STOP_TIMEOUT_MS);
  });
  const how = await Promise.race([exited, late]);
  clearTimeout(timer);
  if (how !== 'late') return;
  child.unref();
  throw new Fault(
    'service-does-not-stop',
    `the service started for this command (process ${child.pid}) has not stopped after ${STOP_TIMEOUT_MS / 1000} s`,
    'What the command did is done. Stop that process before using the folder again.',
  );
}

async function firstLine(stdout: Readable): Promise<string | undefined> {
  const lines = createInterface({ input: stdout });
  try {
    const [line] = await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [undefined])]);
    return typeof line === 'string' ? line : undefined;
  } finally {
    lines.close();
  }
}

function keepLastLines(stderr: Readable): readonly string[] {
  const kept: string[] = [];
  createInterface({ input: stderr }).on('line', (line) => {
    kept.push(line);
    if (kept.length > KEPT_STDERR_LINES) kept.shift();
  });
  return kept;
}

/** What the service said before it gave up: its problem as JSON or as the two lines for people, else whatever it wrote last. */
function failedToStart(dir: string, first: string | undefined, lastLines: readonly string[]): Fault {
  for (const line of [first, ...lastLines.toReversed()]) {
    const told = problemLine.safeParse(jsonOrNothing(line));
    if (told.success) {
      const { code, title, remedy } = told.data.problem;
      return new Fault(code, title, remedy);
    }
  }
  const [, title, remedy] = /^heed: (.+)\n\s+(\S.*)$/m.exec(lastLines.join('\n')) ?? [];
  if (title !== undefined && remedy !== undefined) return new Fault(DID_NOT_START, title, remedy);
  const said = lastLines.length === 0 ? 'It said nothing.' : `It said:\n    ${lastLines.join('\n    ')}`;
  return new Fault(
    DID_NOT_START,
    `Heed did not start on ${dir}. ${said}`,
    'Run `heed start` on the same folder to see it in full, or use a running service with --url.',
  );
}

function notBuilt(program: string): Fault {
  return new Fault(
    'not-built',
    `the service program ${program} is missing`,
    'Run `npm run build` in the checkout, or use a running service with --url.',
  );
}

function jsonOrNothing(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
