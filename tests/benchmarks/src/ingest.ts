import { openEmbeddedPostgres } from '@heed/postgres';
import pg from 'pg';
import { z } from 'zod';
import { Agent, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { figure, type BenchReport } from './figures.ts';
import { startService } from './service.ts';
import { turnBodies } from './turn-bodies.ts';

const CONNECTIONS = 64;
const BATCH = 100;
const SINGLES = 30_000;
const BATCHED = 200_000;
const ON_END = 1_000_000;
const RUNS = 3;
const LOOK_AGAIN_MS = 50;

const key = z.object({ id: z.string(), subject: z.string() });

/**
 * Events a second over HTTP until durable, from 64 connections one at a time and in batches of 100: bursts of some
 * seconds, each from a warehouse that has read everything, during which the projector gives way; then a million on end, which it does not
 * wait for, until acknowledged and until they are in the warehouse with their labels. Reference: the same rows
 * by the same number of connections straight into a plain table of the same PostgreSQL, one INSERT a request: no HTTP, no validation, no index
 * beyond the key. The load comes from this process, the service is another, both on the same cores.
 */
export async function ingestBench(): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'heed-bench-ingest-'));
  const singles: number[] = [];
  const batches: number[] = [];
  let sustained = Number.NaN;
  let projected = Number.NaN;
  const rawSingles: number[] = [];
  const rawBatches: number[] = [];
  try {
    const service = await startService(join(folder, 'service'));
    for (let run = 0; run < RUNS; run++) {
      singles.push(await throughHttp(service.url, turnBodies(SINGLES, `s${String(run)}`), 1));
      await untilProjected(service.url);
      batches.push(await throughHttp(service.url, turnBodies(BATCHED, `b${String(run)}`), BATCH));
      await untilProjected(service.url);
    }
    const onEnd = turnBodies(ON_END, 'e');
    const startedNs = process.hrtime.bigint();
    sustained = await throughHttp(service.url, onEnd, BATCH);
    await untilProjected(service.url);
    projected = onEnd.length / (Number(process.hrtime.bigint() - startedNs) / 1e9);
    await service.stop();
    const raw = await openRawTable(join(folder, 'raw'));
    for (let run = 0; run < RUNS; run++) {
      rawSingles.push(await raw.insert(turnBodies(SINGLES, `s${String(run)}`), 1));
      rawBatches.push(await raw.insert(turnBodies(BATCHED, `b${String(run)}`), BATCH));
    }
    await raw.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const reference = (rows: string): string =>
    `${String(CONNECTIONS)} connections inserting ${rows} a statement into PostgreSQL`;
  return {
    name: 'ingest',
    figures: [
      figure('singles', 'events/s', 'higher', singles, reference('1 row'), rawSingles),
      figure(
        `batches of ${String(BATCH)}`,
        'events/s',
        'higher',
        batches,
        reference(`${String(BATCH)} rows`),
        rawBatches,
      ),
      figure(
        `batches of ${String(BATCH)}, ${String(ON_END)} on end`,
        'events/s',
        'higher',
        [sustained],
        reference(`${String(BATCH)} rows`),
        rawBatches,
      ),
      figure(
        'the same until they are in the warehouse',
        'events/s',
        'higher',
        [projected],
        reference(`${String(BATCH)} rows`),
        rawBatches,
      ),
    ],
    notes: [
      `${String(CONNECTIONS)} connections, ${String(RUNS)} runs of ${String(SINGLES)} singles and ${String(BATCHED)} batched events`,
    ],
  };
}

/** Runs `work` on every group of `size` bodies, `CONNECTIONS` at a time; bodies a second. */
async function paced(
  bodies: readonly string[],
  size: number,
  work: (group: readonly string[], lane: number) => Promise<void>,
): Promise<number> {
  let next = 0;
  const lane = async (n: number): Promise<void> => {
    while (next < bodies.length) {
      const group = bodies.slice(next, next + size);
      next += size;
      await work(group, n);
    }
  };
  const startedNs = process.hrtime.bigint();
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, n) => lane(n)));
  return bodies.length / (Number(process.hrtime.bigint() - startedNs) / 1e9);
}

async function throughHttp(url: string, bodies: readonly string[], size: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const { hostname, port } = new URL(url);
  const type = size === 1 ? 'application/cloudevents+json' : 'application/cloudevents-batch+json';
  const post = (body: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const call = request(
        { agent, hostname, port, path: '/v1/events', method: 'POST', headers: { 'content-type': type } },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => {
            if (response.statusCode === 202 && !text.includes('dead-lettered')) resolve();
            else
              reject(new Error(`the service answered ${String(response.statusCode)}: ${text.slice(0, 300)}`));
          });
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  try {
    return await paced(bodies, size, (group) => post(size === 1 ? (group[0] ?? '') : `[${group.join(',')}]`));
  } finally {
    agent.destroy();
  }
}

const lag = z.object({ entries: z.number() });

async function untilProjected(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/v1/lag`);
    if (lag.parse(await response.json()).entries === 0) return;
    await sleep(LOOK_AGAIN_MS);
  }
}

interface RawTable {
  insert(bodies: readonly string[], size: number): Promise<number>;
  close(): Promise<void>;
}

/** The least a durable event can cost here: its key, its session and its text in one table, 64 connections, one statement a group. */
async function openRawTable(dataDir: string): Promise<RawTable> {
  const postgres = await openEmbeddedPostgres({ dataDir, passClosedFolders: true });
  const pool = new pg.Pool({ connectionString: postgres.url, max: CONNECTIONS });
  // A connection that is still saying goodbye when the server stops is none of the measurement's business.
  pool.on('error', () => undefined);
  await pool.query('CREATE TABLE raw_event (id text PRIMARY KEY, session text NOT NULL, body text NOT NULL)');
  const sql = 'INSERT INTO raw_event SELECT * FROM unnest($1::text[], $2::text[], $3::text[])';
  return {
    insert: async (bodies, size) => {
      const rows = bodies.map((body) => ({ body, ...key.parse(JSON.parse(body)) }));
      const byBody = new Map(rows.map((row) => [row.body, row]));
      return paced(bodies, size, async (group) => {
        const found = group.map((body) => byBody.get(body));
        await pool.query({
          name: `raw-${String(size)}`,
          text: sql,
          values: [found.map((row) => row?.id), found.map((row) => row?.subject), group],
        });
      });
    },
    close: async () => {
      await pool.end();
      await postgres.close();
    },
  };
}
