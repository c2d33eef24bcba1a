import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { createdKey, ingestResponse, mineReport, problem, statusReport } from '@heed/contract';
import { startPostgresServer, type PostgresServer } from '@heed/test-stack';
import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { BareApp } from './bare-app.ts';
import { startBareGateway } from './bare-gateway.ts';
import { startBareKafka } from './bare-kafka.ts';
import { BareNetwork } from './bare-network.ts';
import type { BareProcess } from './bare-process.ts';
import { BareBuilder, writtenSince, type BareImage } from './build-image.ts';
import { readCompose, type Project, type Service } from './compose.ts';
import { docker, type App } from './dockerfile.ts';
import { freshSecrets } from './fresh-secrets.ts';
import { output } from './run.ts';
import { SECRETS, SECRETS_BY_APP } from './secrets-by-app.ts';
import { turnEvent } from './turn-event.ts';

const OWN = ['collector', 'projector', 'learner', 'control'] as const satisfies readonly App[];
const REDACTION = JSON.stringify({ builtIn: ['email'] });

interface Request {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

const line = z.object({ result: mineReport }).or(z.object({ progress: z.unknown() }));

describe('docker/compose.cluster.yaml, bare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-docker-'));
  const network = new BareNetwork();
  const builder = new BareBuilder(inject('stages'));
  const apps = new Map<string, BareApp>();
  /** What was started is ended in the opposite order, also when not all of it came up. */
  const ends: (() => Promise<unknown>)[] = [];
  let project: Project;
  let images: readonly BareImage[];
  let secrets: Readonly<Record<string, string>>;
  let postgres: PostgresServer;
  let clickhouse: ClickHouseFront;
  let gateway: BareProcess;
  let url: string;
  /** Made with the owner's key, as the runbook says. */
  let admin: string;

  beforeAll(async () => {
    await chmod(folder, 0o755);
    postgres = await startPostgresServer(join(folder, 'postgres'));
    ends.unshift(() => postgres.end('SIGINT'));
    const database = new URL(postgres.databaseUrl);
    secrets = { ...(await freshSecrets()), POSTGRES_PASSWORD: database.password };
    project = await readCompose('compose.cluster.yaml', { ...secrets, ...(await givenFiles()) });
    clickhouse = await openClickHouseFront({
      user: { name: 'heed', password: String(secrets['CLICKHOUSE_PASSWORD']) },
    });
    ends.unshift(() => clickhouse.close());
    for (const name of ['gateway', 'kafka', ...OWN]) network.address(name);
    network.lead('postgres:5432', database.host);
    network.lead('clickhouse:8123', new URL(clickhouse.url).host);
    const kafka = await startBareKafka(service('kafka'), network, await folderOf('kafka'));
    ends.unshift(() => kafka.end('SIGTERM'));

    images = await Promise.all(OWN.map((app) => builder.image(app)));
    await writeFile(join(folder, 'before'), '');
    await Promise.all(OWN.map(startAll));
    gateway = await startBareGateway(service('gateway'), network, await folderOf('gateway'));
    ends.unshift(() => gateway.stop('SIGQUIT'));
    url = `http://${network.address('gateway')}:8585`;
  });

  afterAll(async () => {
    for (const end of ends) await end();
    rmSync(folder, { recursive: true, force: true });
  });

  const service = (name: string): Service => {
    const found = project.services[name];
    if (found === undefined) throw new Error(`there is no service ${name}`);
    return found;
  };

  /** What runs as somebody else can read them. */
  async function givenFiles(): Promise<Readonly<Record<string, string>>> {
    const files = join(folder, 'files');
    await mkdir(files, { mode: 0o755 });
    await writeFile(join(files, 'redaction.json'), REDACTION, { mode: 0o644 });
    await writeFile(join(files, 'ca.pem'), String(rootCertificates[0]), { mode: 0o644 });
    return {
      HEED_FILES: files,
      HEED_REDACTION_FILE: '/etc/heed/redaction.json',
      HEED_CA_FILE: '/etc/heed/ca.pem',
    };
  }

  const folderOf = async (name: string): Promise<string> => {
    const own = join(folder, 'containers', name);
    await mkdir(own, { recursive: true });
    return own;
  };

  async function startAll(app: App): Promise<void> {
    const image = await builder.image(app);
    const its = service(app);
    for (let number = 1; number <= (its.deploy?.replicas ?? 1); number++) {
      const name = number === 1 ? app : `${app}-${number}`;
      const started = await BareApp.start(name, image, its, network, await folderOf(name));
      apps.set(name, started);
      ends.unshift(() => started.stop());
    }
  }

  const asking = (key: string, path: string, init: Request = { method: 'GET' }): Promise<Response> =>
    fetch(url + path, {
      method: init.method,
      ...(init.body !== undefined && { body: init.body }),
      headers: { ...init.headers, authorization: `Bearer ${key}` },
    });

  const asOwner = (path: string, init?: Request): Promise<Response> =>
    asking(String(secrets['HEED_OWNER_KEY']), path, init);

  const asAdmin = (path: string, init?: Request): Promise<Response> => asking(admin, path, init);

  const sendEvent = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> =>
    asAdmin('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json', ...headers },
      body,
    });

  it('runs each process as often as the file says', () => {
    expect([...apps.keys()].sort()).toEqual(['collector', 'control', 'learner', 'projector', 'projector-2']);
  });

  it('asks every store for its health by a command that answers', async () => {
    const bare = { PATH: '/usr/sbin:/usr/bin:/bin', PGPORT: new URL(postgres.databaseUrl).port };
    const [program = '', ...question] = service('kafka').healthcheck?.test.slice(1) ?? [];
    const address = network.address('kafka');
    const asked = question.map((word) => word.replaceAll('127.0.0.1', address));
    await output(program, asked, { env: bare });
    const [isReady = '', ...toPostgres] = service('postgres').healthcheck?.test.slice(1) ?? [];
    await output(isReady, toPostgres, { env: bare });
    const [wget = '', ...toClickHouse] = service('clickhouse').healthcheck?.test.slice(1) ?? [];
    const front = new URL(clickhouse.url).host;
    await output(
      wget,
      toClickHouse.map((word) => word.replace('127.0.0.1:8123', front)),
      { env: bare },
    );
  });

  it('lets nobody in without a key', async () => {
    for (const path of ['/v1/status', '/v1/imports/none', '/metrics'])
      expect((await fetch(url + path)).status).toBe(401);
    expect((await fetch(`${url}/v1/mine`, { method: 'POST' })).status).toBe(401);
  });

  it("takes the owner's key at control alone, which makes keys that all take with it", async () => {
    const made = await asOwner('/v1/keys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'admin', allTenants: true, who: 'docker', name: 'operations' }),
    });
    admin = createdKey.parse(await made.json()).key;
    // Nothing is there to be got, which only a key that it takes is told.
    for (const path of ['/v1/events/none', '/v1/mine/none']) {
      expect((await asOwner(path)).status, path).toBe(401);
      await expect.poll(async () => (await asAdmin(path)).status, { timeout: 60_000 }).toBe(404);
    }
  });

  it('takes events through the gateway, packed or not, and shows them through it', async () => {
    const plain = await sendEvent(JSON.stringify(turnEvent('plain')));
    expect(ingestResponse.parse(await plain.json())).toMatchObject({ results: [{ status: 'accepted' }] });
    const packed = gzipSync(JSON.stringify(turnEvent('packed')));
    const unpacked = await sendEvent(packed, { 'content-encoding': 'gzip' });
    expect(ingestResponse.parse(await unpacked.json())).toMatchObject({ results: [{ status: 'accepted' }] });
    await expect
      .poll(
        async () => {
          const { tenants } = statusReport.parse(await (await asAdmin('/v1/status')).json());
          return tenants.map(({ accepted, stored, balanced }) => ({ accepted, stored, balanced }));
        },
        { timeout: 120_000 },
      )
      .toEqual([{ accepted: 2, stored: 2, balanced: true }]);
  });

  it('leads a mine to the learner, and its progress back', async () => {
    const answer = await asAdmin('/v1/mine', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ unlabelledEnds: 'success', dryRun: true }),
    });
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((text) => line.parse(JSON.parse(text)));
    expect(lines.at(-1)).toMatchObject({ result: { turns: 2, sessions: 2 } });
    expect(gateway.printed()).toMatch(
      new RegExp(`POST /v1/mine 200 .* ${network.address('learner')}:8585 200`, 'u'),
    );
  });

  it('shows the command line of its own image what there is', async () => {
    const { folder: root, config } = await builder.image('heed');
    const [node = '', ...entry] = config.Entrypoint;
    const args = [...entry, 'doctor', '--json', '--url', url];
    const told = await output(join(root, 'usr/local/bin', node), args, {
      cwd: join(root, config.WorkingDir),
      env: { HEED_KEY: admin },
    });
    expect(JSON.parse(told)).toMatchObject({ accepted: 2, stored: 2, balanced: true });
  });

  it('gives the processes the files that it is given to read', async () => {
    const event = turnEvent('redacted');
    const text = 'write to somebody@example.com';
    const sent = await sendEvent(JSON.stringify({ ...event, data: { turn: 't1', request: { text } } }));
    expect(sent.status).toBe(202);
    const metrics = await fetch(`http://${network.address('collector')}:8585/metrics`, {
      headers: { authorization: `Bearer ${admin}` },
    });
    expect(await metrics.text()).toMatch(/^heed_redactions_total\{rule="email"\} [1-9]/mu);
    const trusted = "console.log(require('node:tls').getCACertificates('extra').length)";
    for (const app of OWN) expect(await apps.get(app)?.exec(['node', '--eval', trusted]), app).toBe('1\n');
  });

  it('refuses what is too large, and says so as Heed does', async () => {
    const large = await sendEvent(Buffer.alloc(64 * 1024 * 1024 + 1, 32));
    expect(large.status).toBe(413);
    expect(problem.parse(await large.json())).toMatchObject({ code: 'body-too-large' });
  });

  it('keeps keys out of the log of the gateway', async () => {
    const secret = 'heed_browser_0123456789abcdef_never-in-a-log';
    await fetch(`${url}/v1/events?key=${secret}`, { method: 'POST', body: '[]' });
    expect(gateway.printed()).toContain('POST /v1/events 401');
    expect(gateway.printed()).not.toContain('never-in-a-log');
    expect(gateway.printed()).not.toContain(String(secrets['HEED_OWNER_KEY']));
  });

  it('says so when a process is gone, and goes on with the others', async () => {
    expect(await apps.get('learner')?.stop()).toBe(0);
    const gone = await asAdmin('/v1/mine', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(gone.status).toBe(503);
    expect(gone.headers.get('retry-after')).toBe('5');
    expect(problem.parse(await gone.json())).toMatchObject({ code: 'process-unreachable' });
    const still = await sendEvent(JSON.stringify(turnEvent('still')));
    expect(still.status).toBe(202);
  });

  it('ends every process in order when it is told to', async () => {
    for (const name of ['collector', 'projector', 'projector-2', 'control'])
      expect(await apps.get(name)?.stop(), name).toBe(0);
  });

  it('has written to volumes and /tmp, and nowhere else', async () => {
    expect(await writtenSince(join(folder, 'before'), images)).toEqual([]);
  });
});

describe('docker/compose.cluster.yaml', () => {
  it('is refused without its secrets, and says where they come from', async () => {
    await expect(readCompose('compose.cluster.yaml')).rejects.toThrow('docker/cluster.env.example');
  });

  it('has an example of every secret that it asks for, and none of them filled in', async () => {
    const example = readFileSync(join(docker, 'cluster.env.example'), 'utf8');
    const names = [...example.matchAll(/^([A-Z_]+)=(.*)$/gmu)].map(([, name, value]) => [name, value]);
    expect(names.map(([, value]) => value).join('')).toBe('');
    expect(names.map(([name]) => String(name)).sort()).toEqual(Object.keys(await freshSecrets()).sort());
  });

  it('gives each process the secrets that it works with, and no other, and the same files to read', async () => {
    const { services } = await readCompose('compose.cluster.yaml', await freshSecrets());
    for (const app of OWN) {
      const given = Object.keys(services[app]?.environment ?? {}).filter((name) => SECRETS.has(name));
      // The broker of this file asks for no password.
      expect(given.sort(), app).toEqual(SECRETS_BY_APP[app].filter((name) => name !== 'HEED_KAFKA_PASSWORD'));
      expect(services[app]?.volumes).toContainEqual({
        ...{ type: 'bind', source: join(docker, 'files'), target: '/etc/heed', read_only: true },
      });
    }
  });

  it('publishes nothing but the gateway, and that to this machine alone', async () => {
    const { services } = await readCompose('compose.cluster.yaml', await freshSecrets());
    const published = Object.entries(services).flatMap(([name, { ports }]) =>
      ports.map((port) => ({ name, ...port })),
    );
    expect(published).toMatchObject([
      { name: 'gateway', host_ip: '127.0.0.1', published: '8585', target: 8585 },
    ]);
    for (const name of OWN)
      expect(services[name]).toMatchObject({
        read_only: true,
        tmpfs: ['/tmp'],
        cap_drop: ['ALL'],
        build: { args: { APP: name } },
      });
  });
});
