import { z } from 'zod';
import { Agent, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { figure, type BenchReport } from './figures.ts';
import { logOption } from './log-option.ts';
import { numberOptions } from './project/options.ts';
import { say, sayNowAndThen } from './progress.ts';
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
  const { brokers, others } = logOption(args);
  numberOptions(others, {});
  const prefix = `heed-bench-${String(process.pid)}`;
  const folder = mkdtempSync(join(tmpdir(), 'heed-bench-ingest-'));
  const singles: Pace[] = [];
  const batches: Pace[] = [];
  let sustained = Number.NaN;
  let projected = Number.NaN;
  const rawSingles: Pace[] = [];
  const rawBatches: Pace[] = [];
  let reference: RawLog['described'] = () => '';
  try {
    const onKafka = brokers && { HEED_KAFKA_BROKERS: brokers.join(), HEED_KAFKA_PREFIX: prefix };
    const service = await startService(join(folder, 'service'), onKafka ?? {});
    for (let run = 0; run < RUNS; run++) {
      say(`singles ${String(run + 1)}/${String(RUNS)}`);
      singles.push(await throughHttp(service.url, loadOf(turnBodies(SINGLES, `s${String(run)}`), 1)));
      await untilProjected(service.url);
      say(`batches ${String(run + 1)}/${String(RUNS)}`);
      batches.push(await throughHttp(service.url, loadOf(turnBodies(BATCHED, `b${String(run)}`), BATCH)));
      await untilProjected(service.url);
    }
    say(`${String(ON_END)} on end`);
    const onEnd = loadOf(turnBodies(ON_END, 'e'), BATCH);
    const startedNs = process.hrtime.bigint();
    sustained = (await throughHttp(service.url, onEnd)).rate;
    await untilProjected(service.url);
    projected = onEnd.events / (Number(process.hrtime.bigint() - startedNs) / 1e9);
    await service.stop();
    const raw =
      brokers === undefined
        ? await openRawTable(join(folder, 'raw'), CONNECTIONS)
        : await openRawTopic(brokers, `${prefix}-raw`);
    reference = (rows) => raw.described(rows);
    for (let run = 0; run < RUNS; run++) {
      say(`reference ${String(run + 1)}/${String(RUNS)}`);
      rawSingles.push(await straight(raw, turnBodies(SINGLES, `s${String(run)}`), 1));
      rawBatches.push(await straight(raw, turnBodies(BATCHED, `b${String(run)}`), BATCH));
    }
    await raw.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (brokers !== undefined) await removeTopics(brokers, prefix);
  }
  return {
    name: brokers === undefined ? 'ingest' : 'ingest, log on Kafka',
    figures: [
      figure('singles', 'events/s', 'higher', rates(singles), reference(1), rates(rawSingles)),
      figure(
        `batches of ${String(BATCH)}`,
        'events/s',
        'higher',
        rates(batches),
        reference(BATCH),
        rates(rawBatches),
      ),
      figure(
        `batches of ${String(BATCH)}, ${String(ON_END)} on end`,
        'events/s',
        'higher',
        [sustained],
        reference(BATCH),
        rates(rawBatches),
      ),
      figure(
        'the same until they are in the warehouse',
        'events/s',
        'higher',
        [projected],
        reference(BATCH),
        rates(rawBatches),
      ),
    ],
    notes: [
      `${String(CONNECTIONS)} connections, ${String(RUNS)} runs of ${String(SINGLES)} singles and ${String(BATCHED)} batched events`,
      `99 % of the singles were durable within ${singles.map(({ p99Ms }) => p99Ms.toFixed(1)).join(', ')} ms (each run)`,
      `the load itself took of the same cores, for each event: ${shares({ singles, batches, 'raw singles': rawSingles, 'raw batches': rawBatches })}`,
    ],
  };
}

function rates(paces: readonly Pace[]): readonly number[] {
  return paces.map(({ rate }) => rate);
}

/** Microseconds an event, and of one core, in the run that took most. */
function shares(of: Readonly<Record<string, readonly Pace[]>>): string {
  return Object.entries(of)
    .map(([name, paces]) => {
      const most = Math.max(...paces.map(({ loadUs }) => loadUs));
      const ofACore = Math.max(...paces.map(({ loadUs, rate }) => (loadUs * rate) / 1e6));
      return `${name} ${most.toFixed(1)} us (${Math.round(100 * ofACore)} % of a core)`;
    })
    .join(', ');
}

interface Pace {
  /** Events a second. */
  readonly rate: number;
  /** In which 99 of 100 groups were done, milliseconds. */
  readonly p99Ms: number;
  /** What this process, which brings the load, took of one core for each event, microseconds. */
  readonly loadUs: number;
}

/** Runs `work` on every group, `CONNECTIONS` at a time. What it sends is made before the clock starts. */
async function paced<Group>(
  groups: readonly Group[],
  events: number,
  work: (group: Group) => Promise<void>,
): Promise<Pace> {
  const waiting = groups.values();
  const tookMs: number[] = [];
  const now = sayNowAndThen();
  const lane = async (): Promise<void> => {
    for (const group of waiting) {
      const beganAtMs = performance.now();
      await work(group);
      tookMs.push(performance.now() - beganAtMs);
      now(() => `  ${String(tookMs.length)} of ${String(groups.length)} requests`);
    }
  };
  const before = process.cpuUsage();
  const startedNs = process.hrtime.bigint();
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  const rate = events / (Number(process.hrtime.bigint() - startedNs) / 1e9);
  const { user, system } = process.cpuUsage(before);
  tookMs.sort((a, b) => a - b);
  const p99Ms = tookMs[Math.floor(0.99 * tookMs.length)] ?? Number.NaN;
  return { rate, p99Ms, loadUs: (user + system) / events };
}

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/** Requests, ready to be sent. */
interface Load {
  readonly events: number;
  readonly type: string;
  readonly requests: readonly Buffer[];
}

function loadOf(bodies: readonly string[], size: number): Load {
  const type = size === 1 ? 'application/cloudevents+json' : 'application/cloudevents-batch+json';
  const requests = inGroups(bodies, size).map((group) =>
    Buffer.from(size === 1 ? group.join('') : `[${group.join(',')}]`),
  );
  return { events: bodies.length, type, requests };
}

async function throughHttp(url: string, { events, type, requests }: Load): Promise<Pace> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const { hostname, port } = new URL(url);
  const post = (body: Buffer): Promise<void> =>
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
    return await paced(requests, events, post);
  } finally {
    agent.destroy();
  }
}

async function straight(raw: RawLog, bodies: readonly string[], size: number): Promise<Pace> {
  const rows = bodies.map((body) => {
    const { id, subject: session } = key.parse(JSON.parse(body));
    return { id, session, body };
  });
  return paced(inGroups(rows, size), rows.length, (group) => raw.append(group));
}

const lag = z.object({ entries: z.number() });

async function untilProjected(url: string): Promise<void> {
  const now = sayNowAndThen();
  for (;;) {
    const response = await fetch(`${url}/v1/lag`);
    const { entries } = lag.parse(await response.json());
    if (entries === 0) return;
    now(() => `  ${String(entries)} events behind`);
    await sleep(LOOK_AGAIN_MS);
  }
}
