import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runHeed, type CliRun } from '../testing/fake-shell.ts';
import { fakeService, type FakeService, type FakeServiceOptions } from '../testing/fake-service.ts';
import type { ImportReport } from './import-files.ts';

const EVENTS = 3500;

let folder: string;
let service: FakeService | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-import-'));
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  await rm(folder, { recursive: true });
});

function cloudEvents(count: number): string {
  const line = (i: number): string =>
    JSON.stringify({
      specversion: '1.0',
      id: `e-${i}`,
      source: '/test',
      type: 'heed.turn.v1',
      subject: `s-${i >> 2}`,
      time: new Date(Date.UTC(2026, 2, 1) + 1000 * i).toISOString(),
      data: { turn: `t-${i}`, request: { text: `ask ${i}` } },
    });
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
}

const mapping = {
  name: 'asks',
  user: 'user',
  time: { path: 'time' },
  turns: { request: 'query' },
};

async function given(name: string, content: string | Buffer): Promise<void> {
  await writeFile(join(folder, name), content);
}

async function importing(
  args: readonly string[],
  options?: FakeServiceOptions,
  input?: Buffer,
): Promise<CliRun> {
  service ??= await fakeService(options);
  const argv = ['import', ...args, '--url', service.url.href, '--json'];
  return runHeed(argv, { cwd: folder, ...(input !== undefined && { input }) });
}

function report({ stdout }: CliRun): ImportReport {
  return JSON.parse(stdout) as ImportReport;
}

function problem({ stdout }: CliRun): { code: string; title: string; remedy: string } {
  return (JSON.parse(stdout) as { problem: { code: string; title: string; remedy: string } }).problem;
}

describe('heed import', () => {
  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['with a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['as gzip', (text: string) => gzipSync(text)],
    ['as zstd', (text: string) => zstdCompressSync(text)],
    ['as one JSON list', (text: string) => Buffer.from(`[${text.trim().replaceAll('\n', ',\n')}]`)],
  ])('brings in CloudEvents %s', async (_, packed) => {
    await given('log', packed(cloudEvents(EVENTS)));
    const run = await importing(['log']);
    expect(report(run)).toMatchObject({ read: EVENTS, accepted: EVENTS, duplicates: 0, deadLetters: {} });
    expect(run.code).toBe(0);
    expect(service?.events.get('e-17')).toContain('"ask 17"');
  });

  it('reads standard input', async () => {
    const run = await importing(['-'], {}, Buffer.from(cloudEvents(10)));
    expect(report(run)).toMatchObject({ read: 10, accepted: 10 });
  });

  it('waits when told to, and sends again what a broken connection may have swallowed', async () => {
    await given('log.jsonl', cloudEvents(EVENTS));
    const trouble = (['busy', 'drop-before', 'drop-after', 'failing'] as const).values();
    const run = await importing(['log.jsonl'], { trouble: () => trouble.next().value });
    const { accepted, duplicates } = report(run);
    expect(service?.events.size).toBe(EVENTS);
    expect(accepted + duplicates).toBe(EVENTS);
  });

  it('halves what is too large for the service, down to the one event that is', async () => {
    await given('log.jsonl', cloudEvents(64));
    const run = await importing(['log.jsonl'], {
      trouble: (_, count) => (count > 10 ? 'too-large' : undefined),
    });
    expect(report(run)).toMatchObject({ accepted: 64 });
  });

  it('keeps the place and the beginning of an event that the service does not take for its size', async () => {
    const large = JSON.stringify({ specversion: '1.0', id: 'large', text: 'x'.repeat(30_000) });
    await given('log.jsonl', `${cloudEvents(3)}${large}\n${cloudEvents(5)}`);
    const run = await importing(['log.jsonl'], {
      trouble: (_, __, body) => (body.length > 20_000 ? 'too-large' : undefined),
    });
    expect(run.code).toBe(0);
    expect(report(run)).toMatchObject({ read: 9, accepted: 5, duplicates: 3, rejectedRows: 1 });
    expect(report(run).deadLetters).toEqual({ 'schema-violation': 1 });
    const problem = `an event of ${large.length} bytes is larger than the service takes`;
    const sha256 = createHash('sha256').update(large).digest('hex');
    const row = large.slice(0, 1000);
    expect(service?.deadLetters).toEqual([
      { 'heed.rejectedRow': { file: 'log.jsonl', line: 4, problem, bytes: large.length, sha256, row } },
    ]);
    expect(run.stderr).toContain(`log.jsonl: line 4: ${problem}`);
  });

  it('keeps what was wrong with a rejected row whose stub is too large', async () => {
    await given('log.jsonl', `${cloudEvents(3)}{"broken ${'x'.repeat(30_000)}\n`);
    const run = await importing(['log.jsonl'], {
      trouble: (_, __, body) => (body.length > 20_000 ? 'too-large' : undefined),
    });
    expect(report(run)).toMatchObject({ accepted: 3, rejectedRows: 1 });
    expect(service?.deadLetters).toMatchObject([
      { 'heed.rejectedRow': { line: 4, problem: expect.stringContaining('it is not JSON') as string } },
    ]);
  });

  it('fails when the service does not take the stub of an event either', async () => {
    await given('log.jsonl', cloudEvents(1));
    const run = await importing(['log.jsonl'], { trouble: () => 'too-large' });
    expect(run.code).toBe(1);
    expect(problem(run).code).toBe('fake-413');
  });

  it('gives nothing but duplicates when a finished import is run again', async () => {
    await given('log.jsonl', cloudEvents(EVENTS));
    await importing(['log.jsonl']);
    expect(report(await importing(['log.jsonl']))).toMatchObject({
      read: EVENTS,
      resumed: 0,
      accepted: 0,
      duplicates: EVENTS,
    });
  });

  it('goes on behind what an earlier run brought in', async () => {
    await given('log.jsonl', cloudEvents(EVENTS));
    await importing(['log.jsonl']);
    const [fingerprint] = [...(service?.progress.keys() ?? [])];
    expect(fingerprint).toBeDefined();
    // What a kill would have left: so many records noted, and the later events never sent.
    const kept = new Map([...(service?.events ?? [])].slice(0, 1500));
    await service?.stop();
    service = await fakeService({ events: kept, progress: new Map([[fingerprint ?? '', 1500]]) });
    const run = await importing(['log.jsonl']);
    expect(report(run)).toMatchObject({
      read: EVENTS,
      resumed: 1500,
      accepted: EVENTS - 1500,
      duplicates: 0,
    });
    expect(service.events.size).toBe(EVENTS);
    expect(run.stderr).toContain('1,500 records are in from an earlier run');
  });

  it('takes a changed file for another import', async () => {
    await given('log.jsonl', cloudEvents(5));
    await importing(['log.jsonl']);
    await given('log.jsonl', cloudEvents(6));
    await importing(['log.jsonl']);
    expect(service?.progress.size).toBe(2);
  });

  it('names the tenant', async () => {
    await given('log.jsonl', cloudEvents(1));
    await importing(['log.jsonl', '--tenant', 'shop']);
    expect([...(service?.tenants ?? [])]).toEqual(['shop']);
  });
});

describe('heed import, through a mapping', () => {
  const rows = 'user,time,query\nu1,2026-03-01T09:00:00Z,first\nu1,2026-03-01T09:01:00Z,second\n';
  beforeEach(() => given('map.json', JSON.stringify(mapping)));

  it('brings in a table', async () => {
    await given('log.csv', rows);
    const run = await importing(['log.csv', '--map', 'map.json']);
    expect(report(run)).toMatchObject({ read: 2, accepted: 2, rejectedRows: 0 });
  });

  it('cuts sessions by the gap that it is told', async () => {
    await given('log.csv', rows);
    await importing(['log.csv', '--map', 'map.json', '--session-gap', '30s']);
    const sessions = [...(service?.events.values() ?? [])].map(
      (event) => (JSON.parse(event) as { subject: string }).subject,
    );
    expect(new Set(sessions).size).toBe(2);
  });

  it('goes on behind rows that it cannot read, says where they are and keeps them as dead letters', async () => {
    const broken = Buffer.concat([
      Buffer.from(`${rows}u2,only two\n`),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('u3,2026-03-01T10:00:00Z,third\n'),
    ]);
    await given('log.csv', broken);
    const run = await importing(['log.csv', '--map', 'map.json']);
    expect(run.code).toBe(0);
    expect(report(run)).toMatchObject({
      read: 5,
      accepted: 3,
      rejectedRows: 2,
      deadLetters: { 'schema-violation': 2 },
    });
    expect(run.stderr).toContain('log.csv: line 4: it has 2 columns, expected 3 (user, time, query)');
    expect(run.stderr).toContain('log.csv: line 5: the bytes are not UTF-8');
    expect(service?.deadLetters).toMatchObject([
      { 'heed.rejectedRow': { file: 'log.csv', line: 4, row: 'u2,only two' } },
      { 'heed.rejectedRow': { file: 'log.csv', line: 5, rowBase64: '/w==' } },
    ]);
  });

  it('refuses a mapping that names a missing column, before anything is sent', async () => {
    await given('log.csv', 'who,time,query\nu1,2026-03-01T09:00:00Z,first\n');
    const run = await importing(['log.csv', '--map', 'map.json']);
    expect(run.code).toBe(2);
    expect(problem(run).title).toContain('the file has only the columns who, time, query');
    expect(service?.posts()).toBe(0);
  });

  it('says that a table needs a mapping, and which there are', async () => {
    await given('log.csv', rows);
    const run = await importing(['log.csv']);
    expect(run.code).toBe(2);
    expect(problem(run)).toMatchObject({ title: 'log.csv needs a mapping: it is CSV' });
    expect(problem(run).remedy).toContain('excite');
  });

  it('says that JSON which is no CloudEvent needs a mapping', async () => {
    await given('log.jsonl', '{"query":"first"}\n');
    const run = await importing(['log.jsonl']);
    expect(run.code).toBe(2);
    expect(problem(run).title).toBe('log.jsonl needs a mapping: line 1 is no CloudEvent');
  });
});

describe('heed import, of files that are not whole', () => {
  it('brings in what a truncated gzip has, tells it and exits with 1', async () => {
    const packed = gzipSync(cloudEvents(EVENTS));
    await given('log.jsonl.gz', packed.subarray(0, packed.length / 2));
    const run = await importing(['log.jsonl.gz']);
    const { accepted, unreadable } = report(run);
    expect(run.code).toBe(1);
    expect(accepted).toBeGreaterThan(0);
    expect(unreadable).toMatchObject([
      { file: 'log.jsonl.gz', title: expect.stringContaining('cut off') as string },
    ]);
    expect(run.stderr).toContain(
      `${accepted.toLocaleString('en-US')} records were read before it and are in`,
    );
  });

  it('says that a file is empty and exits with 0', async () => {
    await given('nothing.csv', '');
    const run = await importing(['nothing.csv', '--format', 'cloudevents']);
    expect(run.code).toBe(0);
    expect(report(run)).toMatchObject({ read: 0, accepted: 0 });
    expect(run.stderr).toContain('nothing.csv is empty');
  });

  it('names a file that is not there', async () => {
    const run = await importing(['missing.jsonl']);
    expect(run.code).toBe(1);
    expect(problem(run).title).toContain('missing.jsonl cannot be read');
  });
});
