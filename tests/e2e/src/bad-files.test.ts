import { deadLetterList } from '@heed/contract';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { heed, heedJson, startService, type Service } from './run-heed.ts';
import { testVectorEvents } from './test-vector.ts';

const outcome = z.object({ read: z.number(), accepted: z.number(), rejectedRows: z.number() });
const doctor = z.object({ balanced: z.boolean(), accepted: z.number() });
const MAPPING = {
  name: 'asks',
  session: 'session',
  user: 'user',
  time: { path: 'time' },
  turns: { request: 'request' },
};

describe('files that are not as they should be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-files-'));
  const dataDir = join(folder, 'data');
  const mapping = join(folder, 'mapping.json');
  const at = (tenant: string): string[] => ['--data', dataDir, '--tenant', tenant];
  let service: Service;

  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const lines = testVectorEvents().map((event) => JSON.stringify(event));

  beforeAll(async () => {
    service = await startService(dataDir);
    writeFileSync(mapping, JSON.stringify(MAPPING));
  });
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('imports a gzip that breaks off as far as it goes, names it, and exits with 1', async () => {
    const whole = gzipSync(`${lines.join('\n')}\n`, { level: 0 });
    const broken = file('broken.jsonl.gz', whole.subarray(0, Math.floor(whole.length / 2)));
    const { code, stdout, stderr } = await heed(['import', broken, '--json', ...at('gzip')]);
    expect(code).toBe(1);
    expect(stderr + stdout).toMatch(/broken\.jsonl\.gz/);
    expect(outcome.parse(JSON.parse(stdout)).accepted).toBeGreaterThan(0);
    const account = await heedJson(doctor, ['doctor', ...at('gzip')]);
    expect(account.balanced).toBe(true);
  });

  it('says that a file is no gzip at all when its bytes are noise', async () => {
    const noise = file(
      'noise.jsonl.gz',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(64, 7)]),
    );
    const { code, stderr } = await heed(['import', noise, ...at('noise')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/noise\.jsonl\.gz/);
  });

  it('goes on behind a CSV row with too few columns, with its line, and keeps the row', async () => {
    const csv = file(
      'short.csv',
      'session,user,time,request\ns1,u,2026-01-01T00:00:00Z,one\ns1,u\ns1,u,2026-01-01T00:01:00Z,two\n',
    );
    const { code, stdout, stderr } = await heed(['import', csv, '--map', mapping, '--json', ...at('short')]);
    expect(code).toBe(0);
    expect(outcome.parse(JSON.parse(stdout))).toMatchObject({ accepted: 2, rejectedRows: 1 });
    expect(stderr).toMatch(/line 3/);
    const { deadLetters } = await heedJson(deadLetterList, ['dead-letters', ...at('short')]);
    expect(deadLetters).toHaveLength(1);
    expect(deadLetters[0]?.bytes).toContain('s1');
  });

  it('refuses a mapping that names a column the file does not have, naming those it has', async () => {
    const csv = file('columns.csv', 'session,user,when,request\ns1,u,2026-01-01T00:00:00Z,one\n');
    const { code, stderr } = await heed(['import', csv, '--map', mapping, ...at('columns')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/time/);
    expect(stderr).toMatch(/when/);
  });

  it('reads over a byte order mark, and takes an empty file for what it is', async () => {
    const marked = file('marked.csv', '\uFEFFsession,user,time,request\ns1,u,2026-01-01T00:00:00Z,one\n');
    expect(await heedJson(outcome, ['import', marked, '--map', mapping, ...at('marked')])).toMatchObject({
      accepted: 1,
    });
    const empty = file('empty.jsonl', '');
    const { code, stdout } = await heed(['import', empty, '--json', ...at('empty')]);
    expect(code).toBe(0);
    expect(outcome.parse(JSON.parse(stdout))).toMatchObject({ read: 0, accepted: 0 });
  });

  it('keeps a row of bytes that are no UTF-8, and takes the rows beside it', async () => {
    const rows = [
      Buffer.from(`${lines[0] ?? ''}\n`),
      Buffer.from([0x7b, 0xff, 0x7d, 0x0a]),
      Buffer.from(lines[1] ?? ''),
    ];
    const path = file('bytes.jsonl', Buffer.concat(rows));
    const result = await heedJson(outcome, ['import', path, '--format', 'cloudevents', ...at('bytes')]);
    expect(result).toMatchObject({ accepted: 2, rejectedRows: 1 });
  });
});

describe('a start that cannot be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-start-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('says which port is taken, and how to take another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = z.object({ port: z.number() }).parse(other.address()).port;
    await expect(startService(join(folder, 'port'), ['--no-demo', '--port', String(port)])).rejects.toThrow(
      new RegExp(`${String(port)}[^]*--port`),
    );
    other.close();
  });

  it('leaves a folder from a newer version as it is', async () => {
    const dataDir = join(folder, 'newer');
    await (await startService(dataDir)).stop();
    const engine = join(dataDir, 'warehouse/engine.json');
    const now = readFileSync(engine, 'utf8');
    writeFileSync(engine, JSON.stringify({ clickhouse: '99.1.1.1' }));
    await expect(startService(dataDir)).rejects.toThrow(/newer/);
    writeFileSync(engine, now);
    await (await startService(dataDir)).stop();
  });

  it('fills a warehouse that was lost or half-written from the log', async () => {
    const dataDir = join(folder, 'lost');
    const events = join(folder, 'events.jsonl');
    writeFileSync(
      events,
      testVectorEvents()
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    );
    await heedJson(outcome, ['import', events, '--data', dataDir]);
    rmSync(join(dataDir, 'warehouse'), { recursive: true });
    mkdirSync(join(dataDir, 'warehouse'));
    const service = await startService(dataDir);
    expect(service.printed()).toMatch(/filled from the log/);
    await heedJson(outcome, ['import', events, '--data', dataDir]);
    expect(await heedJson(doctor, ['doctor', '--data', dataDir])).toEqual(
      expect.objectContaining({ balanced: true, accepted: testVectorEvents().length }),
    );
    await service.stop();
  });
});
