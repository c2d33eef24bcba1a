import { openChdbWarehouse } from '@heed/warehouse-chdb';
import { seededRandom } from '@heed/kernel';
import { csvLine, LOG_COLUMNS, logRows, musicAndWeather, simulateSessions } from '@heed/simulation';
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { repositoryFolder } from './repository-folder.ts';
import { figure, type BenchReport } from './figures.ts';
import { say } from './progress.ts';
import { peakRssMiB, startService } from './service.ts';

const outcome = z.object({ read: z.number(), accepted: z.number(), seconds: z.number() });

const TURNS = 1_000_000;
const SMALL = 100_000;
const MAPPING = {
  name: 'bench',
  format: 'csv',
  session: 'session',
  user: 'user',
  time: { path: 'time' },
  turns: { request: 'request', response: 'response', outcomes: [{ name: 'success', value: 'success' }] },
};

/**
 * Turns a second from a CSV file to warehouse rows and labels, by the real `heed import` against the real service, each a process of
 * its own. Reference: chDB reading the same file into one plain table, which is the least that any way into this warehouse must do.
 */
export async function importBench(): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'heed-bench-import-'));
  try {
    writeFileSync(join(folder, 'mapping.json'), JSON.stringify(MAPPING));
    const small = await importOnce(folder, SMALL, true);
    const turns = await importOnce(folder, TURNS, false);
    const told = await importOnce(folder, TURNS, true);
    say('reference');
    const raw = TURNS / (await rawLoad(folder, turns.file));
    const peer = 'chDB reading the same file into one table';
    return {
      name: 'import',
      figures: [
        figure('turns', 'turns/s', 'higher', [TURNS / turns.seconds], peer, [raw]),
        figure('turns with outcomes', 'turns/s', 'higher', [TURNS / told.seconds], peer, [raw]),
      ],
      notes: [
        `${TURNS} turns, ${Math.round(statSync(turns.file).size / 1e6)} MB of CSV: ${turns.seconds.toFixed(1)} s until the last label is in the warehouse`,
        `with outcomes ${told.events} events: ${told.seconds.toFixed(1)} s`,
        `peak memory at ${SMALL} turns: service ${String(small.serviceMiB)} MiB, import ${String(small.importMiB)} MiB; at ${TURNS}: ${String(told.serviceMiB)} and ${String(told.importMiB)} MiB`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface ImportRun {
  readonly file: string;
  readonly events: number;
  readonly seconds: number;
  readonly serviceMiB: number | null;
  readonly importMiB: number | null;
}

/** `heed import` waits until everything it sent is projected, so its own duration is the whole way. */
async function importOnce(folder: string, turns: number, outcomes: boolean): Promise<ImportRun> {
  const name = `${turns}${outcomes ? '-told' : ''}`;
  const file = join(folder, `${name}.csv`);
  say(`${String(turns)} turns${outcomes ? ' with outcomes' : ''}: the file`);
  await writeLog(file, turns, outcomes);
  const service = await startService(join(folder, `data-${name}`));
  const program = repositoryFolder('dist', 'heed.js');
  const args = [
    program,
    'import',
    file,
    '--map',
    join(folder, 'mapping.json'),
    '--url',
    service.url,
    '--json',
  ];
  say('  its import');
  let importMiB: number | null = null;
  const startedNs = process.hrtime.bigint();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const sampling = setInterval(
    () => (importMiB = child.exitCode === null ? peakRssMiB(child.pid) : importMiB),
    200,
  );
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
  clearInterval(sampling);
  if (child.exitCode !== 0) throw new Error(`heed import exited with ${String(child.exitCode)}`);
  const serviceMiB = service.peakRssMiB();
  await service.stop();
  const { accepted, read } = outcome.parse(JSON.parse(printed));
  if (read !== turns) throw new Error(`${String(read)} of ${String(turns)} rows were read`);
  return { file, events: accepted, seconds, serviceMiB, importMiB };
}

async function writeLog(file: string, turns: number, outcomes: boolean): Promise<void> {
  const out = createWriteStream(file);
  const options = {
    sessions: turns,
    users: Math.max(100, turns >> 4),
    untilMs: Date.UTC(2026, 2, 1),
    days: 30,
    prefix: 'i',
  };
  out.write(csvLine(LOG_COLUMNS));
  let written = 0;
  for (const session of simulateSessions(musicAndWeather, seededRandom(5), options)) {
    const rows = logRows(session).slice(0, turns - written);
    written += rows.length;
    if (!out.write(rows.map((row) => csvLine(outcomes ? row : [...row.slice(0, -1), ''])).join('')))
      await once(out, 'drain');
    if (written === turns) break;
  }
  out.end();
  await once(out, 'close');
}

/** Seconds that the engine alone needs for the file, into columns of text. */
async function rawLoad(folder: string, file: string): Promise<number> {
  const warehouse = await openChdbWarehouse(join(folder, 'raw'));
  await warehouse.execute(
    `CREATE TABLE raw (${LOG_COLUMNS.map((column) => `${column} String`).join(', ')}) ENGINE = MergeTree ORDER BY session`,
  );
  const startedNs = process.hrtime.bigint();
  await warehouse.execute(`INSERT INTO raw SELECT * FROM file({file:String}, 'CSVWithNames')`, { file });
  const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
  await warehouse.close();
  return seconds;
}
