import { parseEvent } from '@heed/events';
import { seededRandom } from '@heed/kernel';
import { musicAndWeather, simulateSessions } from '@heed/simulation';
import { figure, type BenchReport } from './figures.ts';
import { turnBodies } from './turn-bodies.ts';

const RUNS = 7;
const RECEIVED_MS = Date.UTC(2026, 2, 2);

/** Events a second on one core, bytes to typed event, against JSON.parse of the same texts in the same run. */
export function validateBench(): Promise<BenchReport> {
  const mixed = bodies();
  const turns = turnBodies(50_000, 'v');
  const figures = [
    compare('simulated traffic', mixed),
    compare('turns of ~400 bytes with interpretation, exposure and attributes', turns),
  ];
  const notes = [
    `${String(mixed.length)} and ${String(turns.length)} events a run, ${String(RUNS)} runs each after one to warm up, one core`,
  ];
  return Promise.resolve({ name: 'validate', figures, notes });
}

function compare(name: string, texts: readonly string[]): ReturnType<typeof figure> {
  const ours: number[] = [];
  const parse: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const a = rate(texts, (text) => parseEvent(text, { receivedAtMs: RECEIVED_MS }).ok);
    const b = rate(texts, (text) => typeof JSON.parse(text) === 'object');
    if (run > 0) {
      ours.push(a);
      parse.push(b);
    }
  }
  return figure(name, 'events/s', 'higher', ours, 'JSON.parse alone', parse);
}

function rate(texts: readonly string[], work: (text: string) => boolean): number {
  const startedNs = process.hrtime.bigint();
  let good = 0;
  for (const text of texts) if (work(text)) good += 1;
  const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
  if (good !== texts.length)
    throw new Error(`${String(texts.length - good)} of the bench's own events were refused`);
  return texts.length / seconds;
}

function bodies(): string[] {
  const options = { sessions: 20_000, users: 500, untilMs: Date.UTC(2026, 2, 1), days: 7, prefix: 'bench' };
  return [...simulateSessions(musicAndWeather, seededRandom(1), options)]
    .flat()
    .map((event) => JSON.stringify(event));
}
