import { z } from 'zod';
import { Agent, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { figure, type BenchReport } from './figures.ts';
import { openRawTopic, removeTopics } from './raw-kafka.ts';
import type { RawLog } from './raw-log.ts';
import { openRawTable } from './raw-table.ts';
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
 * wait for, until acknowledged and until they are in the warehouse with their labels. Reference: the same rows from as many askers
 * straight into the same store. In PostgreSQL a plain table, one INSERT a request: no HTTP, no validation, no index beyond the key. With `--log kafka`,
 * which needs HEED_KAFKA_BROKERS, a topic like Heed's, and what waits together sent together. The load comes from this process, the service is
 * another, both on the same cores.
 */
export async function ingestBench(args: readonly string[]): Promise<BenchReport> {
  const { log, brokers } = logOf(args);
  const prefix = `heed-bench-${String(process.pid)}`;
  const folder = mkdtempSync(join(tmpdir(), 'heed-bench-ingest-'));
  const singles: number[] = [];
  const batches: number[] = [];
  let sustained = Number.NaN;
  let projected = Number.NaN;
  const rawSingles: number[] = [];
  const rawBatches: number[] = [];
  const p99Ms: number[] = [];
  let reference: RawLog['described'] = () => '';
  try {
    const onKafka = { HEED_KAFKA_BROKERS: brokers.join(), HEED_KAFKA_PREFIX: prefix };
    const service = await startService(join(folder, 'service'), log === 'kafka' ? onKafka : {});
    for (let run = 0; run < RUNS; run++) {
      const alone = await throughHttp(service.url, turnBodies(SINGLES, `s${String(run)}`), 1);
      singles.push(alone.rate);
      p99Ms.push(alone.p99Ms);
      await untilProjected(service.url);
      batches.push((await throughHttp(service.url, turnBodies(BATCHED, `b${String(run)}`), BATCH)).rate);
      await untilProjected(service.url);
    }
    const onEnd = turnBodies(ON_END, 'e');
    const startedNs = process.hrtime.bigint();
    sustained = (await throughHttp(service.url, onEnd, BATCH)).rate;
    await untilProjected(service.url);
    projected = onEnd.length / (Number(process.hrtime.bigint() - startedNs) / 1e9);
    await service.stop();
    const raw =
      log === 'kafka'
        ? await openRawTopic(brokers, `${prefix}-raw`)
        : await openRawTable(join(folder, 'raw'), CONNECTIONS);
    reference = (rows) => raw.described(rows);
    for (let run = 0; run < RUNS; run++) {
      rawSingles.push(await straight(raw, turnBodies(SINGLES, `s${String(run)}`), 1));
      rawBatches.push(await straight(raw, turnBodies(BATCHED, `b${String(run)}`), BATCH));
    }
    await raw.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (log === 'kafka') await removeTopics(brokers, prefix);
  }
  return {
    name: log === 'kafka' ? 'ingest, log on Kafka' : 'ingest',
    figures: [
      figure('singles', 'events/s', 'higher', singles, reference(1), rawSingles),
      figure(`batches of ${String(BATCH)}`, 'events/s', 'higher', batches, reference(BATCH), rawBatches),
      figure(
        `batches of ${String(BATCH)}, ${String(ON_END)} on end`,
        'events/s',
        'higher',
        [sustained],
        reference(BATCH),
        rawBatches,
      ),
      figure(
        'the same until they are in the warehouse',
        'events/s',
        'higher',
        [projected],
        reference(BATCH),
        rawBatches,
      ),
    ],
    notes: [
      `${String(CONNECTIONS)} connections, ${String(RUNS)} runs of ${String(SINGLES)} singles and ${String(BATCHED)} batched events`,
      `99 % of the singles were durable within ${p99Ms.map((ms) => ms.toFixed(1)).join(', ')} ms (each run)`,
    ],
  };
}

interface Pace {
  /** Bodies a second. */
  readonly rate: number;
  /** In which 99 of 100 groups were done, milliseconds. */
  readonly p99Ms: number;
}

/** Runs `work` on every group of `size` bodies, `CONNECTIONS` at a time. */
async function paced(
  bodies: readonly string[],
  size: number,
  work: (group: readonly string[], lane: number) => Promise<void>,
): Promise<Pace> {
  let next = 0;
  const tookMs: number[] = [];
  const lane = async (n: number): Promise<void> => {
    while (next < bodies.length) {
      const group = bodies.slice(next, next + size);
      next += size;
      const beganAtMs = performance.now();
      await work(group, n);
      tookMs.push(performance.now() - beganAtMs);
    }
  };
  const startedNs = process.hrtime.bigint();
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, n) => lane(n)));
  const rate = bodies.length / (Number(process.hrtime.bigint() - startedNs) / 1e9);
  tookMs.sort((a, b) => a - b);
  return { rate, p99Ms: tookMs[Math.floor(0.99 * tookMs.length)] ?? Number.NaN };
}

async function throughHttp(url: string, bodies: readonly string[], size: number): Promise<Pace> {
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

async function straight(raw: RawLog, bodies: readonly string[], size: number): Promise<number> {
  const rows = new Map(
    bodies.map((body) => {
      const { id, subject: session } = key.parse(JSON.parse(body));
      return [body, { id, session, body }];
    }),
  );
  const { rate } = await paced(bodies, size, (group) =>
    raw.append(group.flatMap((body) => rows.get(body) ?? [])),
  );
  return rate;
}

/** @throws Error when there is no such log, or no broker of it */
function logOf(args: readonly string[]): { readonly log: string; readonly brokers: readonly string[] } {
  const { values } = parseArgs({ args: [...args], options: { log: { type: 'string' } }, strict: true });
  const { log = 'postgresql' } = values;
  if (log === 'postgresql') return { log, brokers: [] };
  if (log !== 'kafka') throw new TypeError(`--log takes postgresql or kafka, not "${log}"`);
  const brokers = (process.env['HEED_KAFKA_BROKERS'] ?? '').split(',').filter((one) => one !== '');
  if (brokers.length > 0) return { log, brokers };
  throw new TypeError(
    '--log kafka needs HEED_KAFKA_BROKERS; `npm run stack` starts a broker and says where it is',
  );
}

const lag = z.object({ entries: z.number() });

async function untilProjected(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/v1/lag`);
    if (lag.parse(await response.json()).entries === 0) return;
    await sleep(LOOK_AGAIN_MS);
  }
}
